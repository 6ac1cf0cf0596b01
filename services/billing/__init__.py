"""From work in progress to an approved proforma."""
