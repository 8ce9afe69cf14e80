"""The same tools over the Model Context Protocol: at /mcp beside the chat, and over stdio for a local user."""
