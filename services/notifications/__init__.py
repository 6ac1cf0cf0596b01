"""Notifications beyond the bell: what each person chose, and the mails, texts and chat messages that follow from it."""
