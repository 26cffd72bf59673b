"""How cells that are pasted into the lines of a bill are read: by the spellings that files are read by, too."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from files.importing import spelling
from files.importing.cells import FLAGS
from policies.engine.vocabulary import CatalogCategory, ItemKind
from policies.labels import spellings

# Columns as hospitals' lists head them, beside the labels of the screen.
_HEADINGS = {
    "kind": ("类型", "费用类型", "类别", "项目类别", "费用类别"),
    "category": ("目录类别", "甲乙类", "甲乙丙", "医保类别", "费用等级", "收费项目等级"),
    "name": ("项目名称", "名称", "项目", "药品名称", "医保名称"),
    "code": ("目录编码", "编码", "项目编码", "医保编码", "国家编码"),
    "amount": ("金额(元)", "金额", "总金额", "费用", "总费用", "amount"),
    "over_limit": ("超限价自费", "超限价", "超限价金额"),
    "upfront_rate": ("目录先行自付比例(%)", "目录先行自付比例", "先行自付比例", "自付比例"),
    "is_negotiated": ("谈判药品", "谈判药", "国谈药"),
    "is_prenatal": ("产前检查",),
    "is_chinese_medicine": ("中医药", "中医", "中药饮片"),
}
# As lists shorten them. What hospitals bill as an item of diagnosis or treatment goes by many names.
_TERMS: dict[str, dict[str, StrEnum]] = {
    "kind": {
        **dict.fromkeys(("药", "西药", "中成药", "中药", "中草药", "药品费", "西药费"), ItemKind.DRUG),
        **dict.fromkeys(("诊疗", "诊疗项目", "诊疗费", "治疗", "检查", "检查费", "化验", "化验费"), ItemKind.TREATMENT),
        **dict.fromkeys(("耗材", "材料", "医用材料", "材料费"), ItemKind.CONSUMABLE),
    },
    "category": {"甲": CatalogCategory.A, "乙": CatalogCategory.B, "丙": CatalogCategory.C, "自费": CatalogCategory.C},
}


def pasting() -> dict[str, Any]:
    """What the script that fills the rows knows, in lower case; its sentences in the reader's language."""
    kinds: tuple[tuple[str, type[StrEnum]], ...] = (("kind", ItemKind), ("category", CatalogCategory))
    terms = {
        name: {text.lower(): term.value for text, term in (spellings(known) | _TERMS[name]).items()}
        for name, known in kinds
    }
    return {
        "headings": {heading: name for name, headings in _HEADINGS.items() for heading in headings},
        "terms": terms,
        "flags": FLAGS,
        "spelling": {
            "unseen": spelling.UNSEEN,
            "apostrophes": spelling.APOSTROPHES,
            "minus": spelling.MINUS,
            "wrapped": spelling.WRAPPED,
            "number": spelling.PLAIN_NUMBER,
            "spaced": spelling.SPACED_NUMBER,
            "scientific": spelling.SCIENTIFIC,
            "shortened": spelling.SHORTENED_CODE,
            "before": spelling.CURRENCY_BEFORE,
            "behind": spelling.CURRENCY_BEHIND,
            "whole": spelling.WHOLE_NUMBER,
            "spaced_code": spelling.SPACED_CODE,
            "header_marks": spelling.HEADER_MARKS,
            "unit": spelling.UNIT,
        },
        "units": {**dict.fromkeys((*spelling.UNIT_NAMES, *spelling.REMARKS), ""), **spelling.SCALING_UNITS},
        "scientific": str(spelling.scientific_refused()),
        "unread": _("Not understood: “{text}”. Enter it by hand."),
        "empty": _("empty"),
        "sum_names": spelling.SUM_WORDS,
        "sums": _("Rows of sums left out: {count}."),
        "columns": _("These columns were not taken: {text}."),
        "rows": _("A bill has at most {most} lines; these rows were not taken: {count}."),
        "taken": _("Rows taken: {count}. Marked for you: {marked}."),
        "open": _("Some pasted cells were not understood. Enter them by hand, or press the mark to leave them empty."),
    }
