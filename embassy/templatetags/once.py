"""Parts of a template that are rendered once and put into many pages (embassy.page_cache.memo)."""

from django import template
from django.utils.translation import get_language

from embassy.page_cache import memo

register = template.Library()


@register.tag
def once(parser, token):
    """`{% once "name" … %}…{% endonce %}`: the same on every page of a language, a minute and a version.

    What stands in it must depend on nothing else but the further arguments.
    """
    return _node(parser, token, memo.once)


@register.tag
def once_for_ever(parser, token):
    """`{% once_for_ever "name" edition.pk … %}…{% endonce_for_ever %}`: of something that never changes.

    What stands in it must depend on nothing but the language and the arguments.
    """
    return _node(parser, token, memo.once_for_ever)


def _node(parser, token, keep):
    name, *arguments = token.split_contents()
    nodelist = parser.parse([f"end{name}"])
    parser.delete_first_token()
    return OnceNode(nodelist, [parser.compile_filter(argument) for argument in arguments], keep)


class OnceNode(template.Node):
    def __init__(self, nodelist, arguments, keep):
        self.nodelist, self.arguments, self.keep = nodelist, arguments, keep

    def render(self, context):
        """The part, rendered now or before."""
        request = context.get("request")
        if request is None:
            return self.nodelist.render(context)
        key = (get_language(), *(argument.resolve(context) for argument in self.arguments))
        return self.keep(request, key, lambda: self.nodelist.render(context))
