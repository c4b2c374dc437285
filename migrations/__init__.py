"""Migrations of the database schema; they know the tables, not the service."""
