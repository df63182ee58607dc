from crm.exchange.models.exporting import ExportLog, Format
from crm.exchange.models.importing import Import, ImportedRow, MappingProfile

__all__ = ["ExportLog", "Format", "Import", "ImportedRow", "MappingProfile"]
