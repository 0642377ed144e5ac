"""Photos and PDFs: upload, checks, storage, retention."""
