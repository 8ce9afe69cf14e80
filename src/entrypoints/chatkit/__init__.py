"""The ChatKit protocol, as OpenAI's component speaks it, over the same conversations, turns and tools."""
