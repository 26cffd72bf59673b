"""Questions about the law: which version holds, and its rules in the engine's form."""
