"""What a scaffolded venue has beside its code: how it is installed and tested, what comes next."""
