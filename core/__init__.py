"""What every room stands on: settings, database, money, errors, clock, ids, log, crypto, queue."""
