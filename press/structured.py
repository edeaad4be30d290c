"""What a page says to machines: schema.org as JSON-LD, OpenGraph."""

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import get_language

from press import richtext
from press.models import Kind
from press.shown_files import shown_files
from press.topics import topics_of
from press.translations import original_of, translations_of

CONTEXT = "https://schema.org"


def graph(*nodes):
    """One JSON-LD document of several nodes."""
    return {"@context": CONTEXT, "@graph": list(nodes)}


def organization(home):
    """The mission; `home` is the address of its home page in the active language."""
    return {
        "@type": "GovernmentOrganization",
        "@id": f"{settings.SITE_URL}/#mission",
        "name": settings.MISSION_NAME[get_language()],
        "url": home,
        "contactPoint": {
            "@type": "ContactPoint",
            "contactType": settings.PRESS_CONTACT_NAME[get_language()],
            "telephone": settings.PRESS_CONTACT_PHONE,
            "email": settings.PRESS_CONTACT_EMAIL,
            "availableLanguage": [code for code, _name in settings.LANGUAGES],
        },
    }


def website(home, search):
    """The site and the address of its search, up to the words."""
    return {
        "@type": "WebSite",
        "@id": f"{home}#site",
        "name": settings.MISSION_NAME[get_language()],
        "url": home,
        "inLanguage": get_language(),
        "publisher": {"@id": f"{settings.SITE_URL}/#mission"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{search}?q={{words}}"},
            "query-input": "required name=words",
        },
    }


def breadcrumbs(crumbs, here):
    """The way to the page at the address `here`; `crumbs` are dicts of label and url, the last one's may be empty."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": place,
                "name": str(crumb["label"]),
                "item": {"@id": settings.SITE_URL + crumb["url"] if crumb["url"] else here},
            }
            for place, crumb in enumerate(crumbs, start=1)
        ],
    }


def article(edition):
    """A message: who says it, when, in which language; the questions and answers of a Q&A."""
    address = settings.SITE_URL + edition.get_absolute_url()
    lead = shown_files(edition).lead
    mission = {
        "@type": "GovernmentOrganization",
        "@id": f"{settings.SITE_URL}/#mission",
        "name": settings.MISSION_NAME[edition.language],
    }
    node = {
        "@type": "NewsArticle",
        "@id": f"{address}#message",
        "headline": edition.title,
        "description": edition.teaser,
        "image": settings.SITE_URL + lead.card if lead and lead.card else None,
        "url": address,
        "mainEntityOfPage": address,
        "datePublished": localtime(edition.published_at).isoformat(timespec="seconds"),
        "dateModified": localtime(edition.updated_at).isoformat(timespec="seconds"),
        "inLanguage": edition.language,
        "articleSection": str(Kind(edition.kind).plural),
        "about": [
            {"@type": "Thing", "name": topic.name, "url": settings.SITE_URL + topic.url} for topic in topics_of(edition)
        ],
        **_translations(edition),
        "isAccessibleForFree": True,
        "author": [_side(side) for side in edition.signatories] if edition.is_joint else mission,
        "publisher": mission,
        "locationCreated": {"@type": "Place", "name": edition.signed_in} if edition.signed_in else None,
        "hasPart": _questions(edition.exchanges, address),
    }
    return {name: value for name, value in node.items() if value not in (None, "", [])}


def _translations(edition):
    """Which live texts are translations of this one, or of which this is one."""
    translations = translations_of(edition)
    original = original_of(edition, translations)
    if original is edition:
        return {"workTranslation": [_work(each) for each in translations]}
    return {"translationOfWork": _work(original)}


def _work(shown):
    address = settings.SITE_URL + shown.url
    return {"@type": "NewsArticle", "@id": f"{address}#message", "inLanguage": shown.language, "url": address}


def _side(side):
    node = {"@type": "Organization", "name": side["on_behalf_of"]}
    if side.get("name"):
        member = {"@type": "Person", "name": side["name"]}
        if side.get("office"):
            member["jobTitle"] = side["office"]
        node["member"] = member
    return node


def _questions(exchanges, address):
    texts = richtext.to_texts([each[name] for each in exchanges for name in ("question", "answer")])
    return [
        {
            "@type": "Question",
            "@id": f"{address}#{exchange['id']}",
            "name": question,
            "acceptedAnswer": {"@type": "Answer", "text": answer},
        }
        for exchange, question, answer in zip(exchanges, texts[::2], texts[1::2], strict=True)
    ]
