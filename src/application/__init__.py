"""What Munshi does: the chat turn, the tools, the context; and the ports it needs for that."""
