"""How Munshi is reached: HTTP, the terminal, and what they are wired to."""
