"""What Munshi is plugged into: assistants, storages, tokens and limits, each behind a port of the application."""
