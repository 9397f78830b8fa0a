"""The life of an order: values, events, folds, decisions and flags. Standard library only."""
