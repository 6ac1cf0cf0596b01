"""The house's own components: shell, headers, tables, badges, dialogs. Looks live in assets/billing.css."""
