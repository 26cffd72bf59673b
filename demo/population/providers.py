"""Institutions and pharmacies."""

from dataclasses import dataclass
from datetime import date
from random import Random

from demo.population.places import Place

FIRST_DAY = date(2022, 1, 1)
# Degrees around the town, and how far north of it the hospital of the remotest county lies.
_AROUND, _REMOTE, _REMOTE_BY = 0.05, "县医院", 0.8
_WORDS = ("青松", "云溪", "长桥", "石泉", "北岭", "新林", "东湖", "南坪", "金谷", "银杏", "白鹭", "红枫")
# Kind, tier, name, designated, out of area; the last part of a name says that it is invented.
_FORMS = (
    ("medical_institution", "primary", "社区卫生服务中心", True, False),
    ("medical_institution", "primary", "镇卫生院", True, False),
    ("medical_institution", "primary", "村卫生室", True, False),
    ("medical_institution", "secondary", "县医院", True, False),
    ("medical_institution", "secondary", "中医医院", True, False),
    ("medical_institution", "tertiary_c", "妇幼保健院", True, False),
    ("medical_institution", "tertiary_b", "第二人民医院", True, False),
    ("medical_institution", "tertiary_a", "第一人民医院", True, False),
    ("retail_pharmacy", "pharmacy", "大药房", True, False),
    ("retail_pharmacy", "pharmacy", "便民药店", True, False),
    ("medical_institution", "primary", "门诊部", False, False),
    ("retail_pharmacy", "pharmacy", "平价药店", False, False),
    ("medical_institution", "tertiary_a", "省外示例医院", True, True),
    ("medical_institution", "secondary", "市外示例医院", True, True),
)


@dataclass(frozen=True)
class Provider:
    """An institution or pharmacy with its first agreement."""

    code: str
    name: str
    kind: str
    tier: str
    first_day: date
    is_designated: bool
    is_out_of_area: bool
    latitude: float
    longitude: float

    @property
    def is_remote(self) -> bool:
        """Whether it lies in the region, but an hour and more from the town."""
        return _REMOTE in self.name and not self.is_out_of_area


def providers(place: Place, rng: Random) -> list[Provider]:
    """At least one provider of every tier, two that are not designated, two outside the region."""
    words = rng.sample(_WORDS, len(_WORDS))
    return [
        Provider(
            code=f"{'P' if tier == 'pharmacy' else 'H'}{place.admdvs}{number:05d}",
            name=f"{'' if out_of_area else place.name}{words[number % len(words)]}{form}（示例）",
            kind=kind,
            tier=tier,
            first_day=FIRST_DAY,
            is_designated=is_designated,
            is_out_of_area=out_of_area,
            latitude=round(place.latitude + rng.uniform(0, _AROUND) + (_REMOTE_BY if form == _REMOTE else 0), 6),
            longitude=round(place.longitude + rng.uniform(0, _AROUND), 6),
        )
        for number, (kind, tier, form, is_designated, out_of_area) in enumerate(_FORMS, start=1)
    ]
