"""The malware scanner: a port, clamd behind it, and its twin in memory."""

from services.document.scanner.clamd import Clamd
from services.document.scanner.memory import MemoryScanner
from services.document.scanner.port import SCANNER_AWAY, Finding, Scanner, ScannerUnavailable

__all__ = ["SCANNER_AWAY", "Clamd", "Finding", "MemoryScanner", "Scanner", "ScannerUnavailable"]
