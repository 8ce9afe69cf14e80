"""What a message asks for: the Intent, and the parser that reads it."""
