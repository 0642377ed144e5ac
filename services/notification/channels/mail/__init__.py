"""Mail: content, templates, rendering and the relay."""
