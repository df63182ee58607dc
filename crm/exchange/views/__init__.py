from crm.exchange.views.exporting import export_start

__all__ = ["export_start"]
