"""Archives: a ZIP of photos and PDFs, each of which becomes a document of its own."""
