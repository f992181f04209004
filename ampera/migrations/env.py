"""Alembic's entry: runs the migrations on the connection that `ampera.migrate` opened."""

from alembic import context

from ampera.migrate import all_tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables(),
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
