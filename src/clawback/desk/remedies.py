"""What somebody can do about a file that was not read, by the reason. Doors have the words."""

from __future__ import annotations

from collections.abc import Mapping

_REMEDIES: Mapping[str, str] = {
    code: name
    for name, codes in {
        "password": ("encrypted",),
        "kind": (
            "no_reader", "image_format_unsupported", "not_text", "compression_unknown", "extra_missing",
            "json_not_understood", "table_not_understood", "encoding_unclear",
        ),
        "again": (
            "broken", "unreadable_file", "file_cut_off", "image_damaged", "bytes_unreadable", "mail_cut_off",
            "workbook_unreadable", "xml_broken", "json_broken", "attachment_unreadable", "attachment_empty",
            "page_unreadable", "transfer_encoding_damaged", "totals_disagree", "balance_disagrees",
            "digits_lost_in_spreadsheet",
        ),
        "smaller": (
            "too_large", "file_too_large", "image_too_large", "page_too_large", "workbook_too_large",
            "text_too_large", "table_too_long", "too_many_entries", "too_many_pages", "too_many_parts",
            "too_many_records", "line_too_long", "message_too_large", "expands_too_much", "archive_too_deep",
            "nested_too_deep", "reader_too_slow", "reader_out_of_memory",
        ),
        "clearer": ("no_text_found", "low_certainty_text", "page_without_text", "only_first_frame_read"),
        "isolated": ("xml_dtd", "reader_crashed", "reader_broke_contract", "statement_not_made_here"),
        "none": ("system_file", "page_empty", "no_messages_found", "no_transactions"),
    }.items()
    for code in codes
}  # fmt: skip


def remedy(code: str) -> str:
    """password, kind, again, smaller, clearer, isolated, none, or other."""
    return _REMEDIES.get(code, "other")
