"""What Munshi knows: tasks, conversations and the language. Pure: no clock, no network, no database."""
