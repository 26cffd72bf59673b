"""Passwords that are guessed first are refused, those of one's own are not."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from agency.models import User
from agency.services.logins import choose_password
from tests.builder import staff

pytestmark = pytest.mark.django_db

SOMEBODY = User(username="chenxiao", display_name="陈晓光", email="cxg@agency.example")


@pytest.mark.parametrize(
    "password",
    [
        "woaini1314",
        "woaini1314520",
        "WoAiNi1314520!",
        "5201314woaini",
        "woaini.5201314",
        "5201314 5201314",
        "1314520aini1314",
        "zhongguo123456",
        "Zhongguo@2024",
        "yibao@20261234",
        "Yibaoju123456!",
        "pingliang2026!",
        "Zaozhuang2026!!",
        "qq123456789012",
        "a123456789a123",
        "1qaz2wsx3edc4rfv",
        "1QAZ@WSX3edc",
        "qwertyuiop123",
        "Admin@123456789",
        "P@ssw0rd20261130",
        "Password123456",
        "aaaaaaaaaaaa1234",
        "iloveyou1314520",
        "我爱你我爱你1314520",
        "ｗｏａｉｎｉ１３１４５２０",
        "20261130201314",
        "chenxiaoguang2026",
        "chenxiaoguang123456",
        "ChenXiao@123456",
        "xiaoguang5201314",
        "陈晓光123456789",
    ],
)
def test_what_everybody_chooses_is_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, SOMEBODY)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery",
        "three red lorries",
        "hP7!wq0Zk2Lm",
        "春眠不觉晓处处闻啼鸟夜来",
        "tea at the north gate",
        "mvK-28-tulip-Rx",
    ],
)
def test_what_is_ones_own_is_taken(password: str) -> None:
    validate_password(password, SOMEBODY)


@pytest.mark.usefixtures("in_english")
def test_the_last_ones_are_not_chosen_again() -> None:
    user = staff("chooser")
    words = ["tulip", "north", "lorry", "river", "stone", "bread", "cloud", "piano", "grape"]
    for word in words:
        choose_password(user, f"the {word} of yesterday")
        user.refresh_from_db()
    for word in words[1:-1]:
        with pytest.raises(ValidationError, match="You had this password before"):
            validate_password(f"the {word} of yesterday", user)
    # Older ones are forgotten.
    validate_password("the tulip of yesterday", user)
    assert user.used_passwords.count() == 8


def test_no_password_is_kept_that_could_be_read() -> None:
    user = staff("chooser")
    choose_password(user, "the tulip of yesterday")
    assert all("tulip" not in kept for kept in user.used_passwords.values_list("password", flat=True))


def test_somebody_elses_password_is_no_reason(django_user_model: type[User]) -> None:
    choose_password(staff("first"), "the tulip of yesterday")
    validate_password("the tulip of yesterday", staff("second"))
