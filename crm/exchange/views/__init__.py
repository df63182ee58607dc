from crm.exchange.views.exporting import export_page, export_start

__all__ = ["export_page", "export_start"]
