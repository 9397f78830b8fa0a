"""The schema's history: every table is made here, by Alembic, and nowhere else."""
