"""The five regions, as far as an invented population needs them."""

from dataclasses import dataclass

FIRST_PENSION_YEAR = 2021
_PENSION_STEP = 110


@dataclass(frozen=True)
class Place:
    """A region: its slug and name, its counties by administrative division code, and what is particular about its
    people.

    has_pooled_only: flexible workers may insure without an account. has_old_standard: retirees bring a fixed monthly
    amount. has_own_upfront_rates: the region's rules have the share of category B lines, so that bills need not say
    it. pension_of_2021: the average pension, yuan a month, made up; see `average_pension`. latitude, longitude: of
    the town.
    """

    slug: str
    name: str
    admdvs: str
    counties: dict[str, str]
    has_pooled_only: bool
    pension_of_2021: int
    latitude: float
    longitude: float
    has_old_standard: bool = False
    has_own_upfront_rates: bool = False

    def average_pension(self, year: int) -> str:
        """What the region's average pension of a year is in the demonstration: some more every year."""
        return f"{self.pension_of_2021 + _PENSION_STEP * (year - FIRST_PENSION_YEAR)}.00"


PLACES = (
    Place(
        slug="pingliang",
        name="平凉",
        admdvs="620800",
        counties={
            "620802": "崆峒区",
            "620821": "泾川县",
            "620822": "灵台县",
            "620823": "崇信县",
            "620825": "庄浪县",
            "620826": "静宁县",
            "620881": "华亭市",
        },
        has_pooled_only=False,
        pension_of_2021=3010,
        latitude=35.54,
        longitude=106.66,
        has_own_upfront_rates=True,
    ),
    Place(
        slug="dazhou",
        name="达州",
        admdvs="511700",
        counties={
            "511702": "通川区",
            "511703": "达川区",
            "511722": "宣汉县",
            "511723": "开江县",
            "511724": "大竹县",
            "511725": "渠县",
            "511781": "万源市",
        },
        has_pooled_only=True,
        pension_of_2021=2750,
        latitude=31.21,
        longitude=107.47,
    ),
    Place(
        slug="zaozhuang",
        name="枣庄",
        admdvs="370400",
        counties={
            "370402": "市中区",
            "370403": "薛城区",
            "370404": "峄城区",
            "370405": "台儿庄区",
            "370406": "山亭区",
            "370481": "滕州市",
        },
        has_pooled_only=False,
        pension_of_2021=3190,
        latitude=34.81,
        longitude=117.32,
        has_old_standard=True,
    ),
    Place(
        slug="kaifeng",
        name="开封",
        admdvs="410200",
        counties={
            "410202": "龙亭区",
            "410203": "顺河回族区",
            "410204": "鼓楼区",
            "410205": "禹王台区",
            "410212": "祥符区",
            "410221": "杞县",
            "410222": "通许县",
            "410223": "尉氏县",
            "410225": "兰考县",
        },
        has_pooled_only=True,
        pension_of_2021=2840,
        latitude=34.8,
        longitude=114.31,
    ),
    Place(
        slug="baoshan",
        name="保山",
        admdvs="530500",
        counties={
            "530502": "隆阳区",
            "530521": "施甸县",
            "530523": "龙陵县",
            "530524": "昌宁县",
            "530581": "腾冲市",
        },
        has_pooled_only=True,
        pension_of_2021=2905,
        latitude=25.11,
        longitude=99.17,
    ),
)
