"""Who answers a turn: a model through the Agents SDK, or Munshi's own understanding, offline."""
