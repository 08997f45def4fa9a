"""Names of the files in the data folder; imports nothing, so that a command can look for them without SQLite."""

DATABASE = "reports.db"
FOLDER = "备份"  # of backups, in the data folder
