"""Nobody locks themselves or the last administrator out."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from crm.accounts import actions
from crm.accounts.errors import ActionRefused
from crm.accounts.models import Role, User
from tests.accounts.administration import USERS, errors_of, user_form

pytestmark = pytest.mark.django_db


def test_the_last_administrator_cannot_be_demoted(admin, admin_user):
    agent = Role.objects.get(code="agent")
    page = admin.post(f"{USERS}{admin_user.pk}/change/", user_form(admin_user, role=agent.pk))

    assert "At least one active administrator must stay." in page.text
    assert User.objects.get(pk=admin_user.pk).is_administrator


def test_the_last_administrator_cannot_be_switched_off(admin, admin_user):
    page = admin.post(f"{USERS}{admin_user.pk}/change/", user_form(admin_user, is_active=None))

    assert "At least one active administrator must stay." in page.text
    assert User.objects.get(pk=admin_user.pk).is_active


def test_the_last_administrator_cannot_be_deactivated_or_deleted_by_anybody(alice, admin_user):
    with pytest.raises(ActionRefused):
        actions.deactivate_user(admin_user, actor=alice)
    with pytest.raises(ActionRefused):
        actions.delete_user(admin_user, actor=alice)
    assert User.objects.get(pk=admin_user.pk).is_active


def test_the_last_administering_role_stays_one(admin, admin_user):
    role = admin_user.role
    form = {"name_en": role.name_en, "is_administrator": ""}
    page = admin.post(f"/admin/accounts/role/{role.pk}/change/", form)

    assert "At least one active administrator must stay." in page.text
    assert Role.objects.get(pk=role.pk).is_administrator


def test_an_administrator_who_never_set_a_password_does_not_count(admin_user, make_user):
    invited = make_user("waiting", role="administrator", password=None)

    with pytest.raises(ActionRefused):
        actions.deactivate_user(admin_user, actor=invited)


def test_one_administrator_may_demote_another(admin, make_user):
    other = make_user("ada2", role="administrator")
    agent = Role.objects.get(code="agent")
    admin.post(f"{USERS}{other.pk}/change/", user_form(other, role=agent.pk))

    assert not User.objects.get(pk=other.pk).is_administrator


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_takes_the_administration_from_themselves(
    admin, admin_user, make_user, is_superuser
):
    make_user("ada2", role="administrator")
    User.objects.filter(pk=admin_user.pk).update(is_superuser=is_superuser)
    agent = Role.objects.get(code="agent")
    url = f"{USERS}{admin_user.pk}/change/"

    page = admin.post(url, user_form(admin_user, role=agent.pk, first_name="Typed"))
    assert "You cannot take the administration from yourself." in errors_of(page, "role")
    assert 'value="Typed"' in page.text
    page = admin.post(url, user_form(admin_user, is_active=None))
    assert "You cannot deactivate yourself." in errors_of(page, "is_active")
    stored = User.objects.get(pk=admin_user.pk)
    assert (stored.is_active, stored.is_administrator) == (True, True)
    assert stored.is_superuser == is_superuser
    assert admin.post(url, user_form(admin_user, first_name="Adela")).status_code == 302


def test_nobody_takes_the_administration_from_their_own_role(admin, admin_user, make_user):
    spare = Role.objects.create(code="spare", name_en="Spare", is_administrator=True)
    make_user("ada2", role=spare)
    url = f"/admin/accounts/role/{admin_user.role_id}/change/"
    page = admin.post(url, {"name_en": "Administrator", "is_administrator": ""})

    errors = errors_of(page, "is_administrator")
    assert "You cannot take the administration from yourself." in errors
    assert Role.objects.get(pk=admin_user.role_id).is_administrator
    form = {"name_en": "Spare", "is_administrator": ""}
    admin.post(f"/admin/accounts/role/{spare.pk}/change/", form)
    assert not Role.objects.get(pk=spare.pk).is_administrator


def test_deactivating_many_spares_oneself(admin, admin_user, alice, make_user):
    make_user("ada2", role="administrator")
    form = {"action": "deactivate", "_selected_action": [alice.pk, admin_user.pk]}
    page = admin.post(USERS, form, follow=True)

    assert "You cannot deactivate yourself." in page.text
    assert not User.objects.get(pk=alice.pk).is_active
    assert User.objects.get(pk=admin_user.pk).is_active


def test_nobody_is_left_without_a_password(admin, admin_user):
    url = f"{USERS}{admin_user.pk}/password/"
    assert 'name="usable_password"' not in admin.get(url).text
    page = admin.post(url, {"usable_password": "false", "unset-password": "1"})

    assert page.status_code == 200
    assert User.objects.get(pk=admin_user.pk).has_usable_password()
    new = "a quite different one"
    assert admin.post(url, {"password1": new, "password2": new}).status_code == 302
    assert User.objects.get(pk=admin_user.pk).check_password(new)


def test_a_demoted_superuser_is_no_administrator_any_more(admin, make_user):
    boss = make_user("boss", role="administrator", is_superuser=True)
    agent = Role.objects.get(code="agent")
    admin.post(f"{USERS}{boss.pk}/change/", user_form(boss, role=agent.pk))

    assert not User.objects.get(pk=boss.pk).is_administrator


def test_nobody_deletes_or_deactivates_themselves(admin, admin_user, make_user):
    make_user("ada2", role="administrator")

    assert admin.get(f"{USERS}{admin_user.pk}/delete/").status_code == 403
    with pytest.raises(ActionRefused, match="yourself"):
        actions.deactivate_user(admin_user, actor=admin_user)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_deactivate_each_other_at_the_same_moment(make_user):
    # Tests that commit empty every table behind them, the seeded roles included.
    names = {"name_en": "Administrator", "is_administrator": True}
    role, _created = Role.objects.get_or_create(code="administrator", defaults=names)
    first, second = make_user("first", role=role), make_user("second", role=role)
    start = Barrier(2)

    def deactivate(user: User, actor: User) -> bool:
        start.wait()
        try:
            actions.deactivate_user(user, actor=actor)
        except ActionRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(deactivate, (first, second), (second, first)))

    assert sorted(done) == [False, True]
    assert User.objects.active().administrators().count() == 1
