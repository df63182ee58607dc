"""What changes people: each action guards, changes, and says why when it will not."""

from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.utils import reset as forget_attempts
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel, ManyToManyRel
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.accounts.errors import ActionRefused
from crm.accounts.invitations import VALID_FOR, invitation_url
from crm.accounts.mail import account_mail
from crm.accounts.models import Role, User


@transaction.atomic
def invite_user(user: User, *, actor: User | None) -> User:
    """Mail a link that sets the password (F2.1); an earlier link stops working."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise ActionRefused(_("%(name)s is not active.") % {"name": user.name})
    if user.has_usable_password():
        raise ActionRefused(_("%(name)s has a password already.") % {"name": user.name})
    if not user.email:
        raise ActionRefused(_("%(name)s has no e-mail address.") % {"name": user.name})
    user.set_unusable_password()
    user.invited_at = timezone.now()
    user.save(update_fields=["password", "invited_at"])
    account_mail(
        "accounts/mail/invitation",
        user.email,
        {"url": invitation_url(user), "actor": actor, "days": VALID_FOR.days},
        user=user,
    ).send()
    return user


@transaction.atomic
def revoke_invitation(user: User, *, actor: User | None) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_invited:
        raise ActionRefused(_("%(name)s has no open invitation.") % {"name": user.name})
    user.invited_at = None
    user.save(update_fields=["invited_at"])
    return user


@transaction.atomic
def activate_user(user: User, password: str) -> User:
    """The invited person sets their password; the mail that brought them proves the address."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not (user.is_active and user.is_invited):  # the same link was used a moment ago
        raise ActionRefused(_("This invitation was used or taken back."))
    user.set_password(password)
    user.save(update_fields=["password"])
    keep_address(user, is_verified=True)
    return user


def keep_address(user: User, *, is_verified: bool = False) -> None:
    """Make the person's e-mail the primary one among their addresses."""
    if not user.email:
        return
    others = EmailAddress.objects.filter(user=user, primary=True).exclude(email__iexact=user.email)
    others.update(primary=False)
    address, _created = EmailAddress.objects.get_or_create(
        user=user, email=user.email.lower(), defaults={"primary": True, "verified": is_verified}
    )
    if not address.primary or (is_verified and not address.verified):
        address.primary, address.verified = True, address.verified or is_verified
        address.save(update_fields=["primary", "verified"])


@transaction.atomic
def deactivate_user(user: User, *, actor: User | None) -> User:
    """Keep the person and everything of theirs, and let them in no more."""
    if actor and actor.pk == user.pk:
        raise ActionRefused(_("You cannot deactivate yourself."))
    with keep_an_administrator():
        User.objects.filter(pk=user.pk).update(is_active=False)
    end_sessions(user, actor=actor)
    return User.objects.get(pk=user.pk)


def end_sessions(user: User, *, actor: User | None) -> int:
    """Sign the person out everywhere; answers how many places that was."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


def end_session(session: UserSession, *, actor: User | None) -> None:
    """Sign its person out in that one place."""
    session.end()


@transaction.atomic
def reactivate_user(user: User, *, actor: User | None) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        raise ActionRefused(_("%(name)s is active already.") % {"name": user.name})
    user.is_active = True
    user.save(update_fields=["is_active"])
    return user


@transaction.atomic
def delete_user(user: User, *, actor: User | None) -> None:
    if actor and actor.pk == user.pk:
        raise ActionRefused(_("You cannot delete yourself."))
    if has_traces(user):
        raise ActionRefused(
            _("%(name)s has records or a history here: deactivate instead.") % {"name": user.name}
        )
    with keep_an_administrator():
        User.objects.filter(pk=user.pk).delete()


def has_traces(user: User) -> bool:
    """Whether anything outside this app would lose or refuse to lose the person."""
    for relation in user._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or isinstance(relation, ManyToManyRel):
            continue
        model = relation.related_model
        if model._meta.app_label == "accounts" or relation.on_delete is models.CASCADE:
            continue
        if model._base_manager.filter(**{relation.field.name: user}).exists():
            return True
    return False


@transaction.atomic
def reset_second_step(user: User, *, actor: User | None) -> int:
    """For who lost phone and recovery codes; answers how many authenticators there were."""
    count, _kinds = Authenticator.objects.filter(user=user).delete()
    if not count:
        raise ActionRefused(_("%(name)s has no second step.") % {"name": user.name})
    return count


def unlock_user(user: User, *, actor: User | None) -> int:
    """Forget failed attempts to sign in as `user`; answers how many there were."""
    return forget_attempts(username=user.username)


@contextmanager
def keep_an_administrator() -> Iterator[None]:
    """Refuse, and undo, a change that leaves nobody who can open the administration.

    The roles are locked first: of two administrators who demote each other at the same moment
    the second one is refused.
    """
    with transaction.atomic():
        list(Role.objects.select_for_update().filter(is_administrator=True).order_by("pk"))
        yield
        if not other_administrators(None):
            raise ActionRefused(_("At least one active administrator must stay."))


def other_administrators(user: User | None) -> bool:
    """Whether somebody except `user` can sign in and open the administration."""
    able = User.objects.active().administrators()
    able = able.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).exclude(password="")
    return able.exclude(pk=user.pk if user else None).exists()
