"""Where tasks and conversations are kept."""
