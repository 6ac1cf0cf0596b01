"""Server state of the screens: thin guarded handlers over services, frozen view rows, no SQL."""
