"""What the four sign-ins find on their own desk: favourites, recent pages, views, the bell."""

import datetime as dt

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from crm.accounts.models import User
from crm.contacts.models import Area, Contact
from crm.demo.staff import LOMBARDIA
from crm.demo.words.lists import AREAS
from crm.demo.words.special import SPECIALS
from crm.demo.world import World
from crm.records.models import Event, Favourite, Notification, RecentView, SavedView

SIGN_INS = ("admin", "manager", "agent", "technician")
# language: (mine by last change, leads of mine)
MINE = {
    "en": ("My customers", "My leads"),
    "it": ("I miei clienti", "I miei potenziali"),
    "ro": ("Clienții mei", "Potențialii mei"),
    "he": ("הלקוחות שלי", "הלידים שלי"),
}


def is_filled() -> bool:
    return SavedView.objects.filter(owner__username="manager", name=AREAS["lombardia"][1]).exists()


def fill(world: World) -> None:
    kind = ContentType.objects.get_for_model(Contact)
    names = [special.name for special in SPECIALS]
    famous = list(Contact.objects.filter(name__in=names).order_by("pk"))
    for username in SIGN_INS:
        user = world.users[username]
        visible = list(Contact.objects.visible_to(user).order_by("-updated_at")[:60])
        place = {"user": user, "content_type": kind}
        Favourite.objects.bulk_create(
            (
                Favourite(**place, object_id=row.pk, at=world.at_work(20))
                for row in world.random.sample(famous, 4)
            ),
            ignore_conflicts=True,
        )
        RecentView.objects.bulk_create(
            (
                RecentView(
                    **place, object_id=row.pk, at=world.now - dt.timedelta(minutes=37 * n + 4)
                )
                for n, row in enumerate(world.random.sample(visible, 12))
            ),
            ignore_conflicts=True,
        )
        _ring(world, user, kind)
    _views(world)


def _ring(world: World, user: User, kind: ContentType) -> None:
    """The latest news of contacts that are theirs or that they were told of; five are unread."""
    mine = Contact.objects.visible_to(user).filter(owner=user).values("pk")
    news = Event.objects.filter(content_type=kind, actor__isnull=False).exclude(actor=user)
    events = (news.filter(object_id__in=mine) | news.filter(informed=user)).distinct()
    latest: dict[int, Event] = {}
    for event in events.order_by("-at")[:60]:
        latest.setdefault(event.object_id, event)
    Notification.objects.bulk_create(
        Notification(
            user=user,
            content_type=kind,
            object_id=event.object_id,
            event=event,
            actor_id=event.actor_id,
            count=world.weighted((1, 2, 3), (80, 15, 5)),
            created_at=event.at,
            read_at=None if place < 5 else min(timezone.now(), event.at + dt.timedelta(hours=3)),
        )
        for place, event in enumerate(list(latest.values())[:12])
    )


def _views(world: World) -> None:
    views = []
    for username in SIGN_INS:
        user = world.users[username]
        customers, leads = MINE[user.language]
        views += [
            SavedView(
                kind="contact",
                owner=user,
                name=customers,
                query="tab=customers&mine=on&sort=-updated_at",
            ),
            SavedView(kind="contact", owner=user, name=leads, query="tab=leads&mine=on"),
        ]
    area = Area.objects.filter(name_en=AREAS["lombardia"][0]).first()
    views.append(
        SavedView(
            kind="contact",
            owner=world.users["manager"],
            team=world.teams[LOMBARDIA],
            name=AREAS["lombardia"][1],
            query=f"tab=customers&areas={area.pk}" if area else "tab=customers",
            columns=[
                "name",
                "number",
                "city",
                "categories",
                "owner",
                "custom_renewal_on",
                "updated_at",
            ],
        )
    )
    SavedView.objects.bulk_create(views, ignore_conflicts=True)
