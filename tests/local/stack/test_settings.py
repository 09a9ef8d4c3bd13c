from pathlib import Path

from local.stack.settings import given_settings, inherited, kept_secrets


def test_the_environment_wins_over_the_file_and_empty_is_not_given(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ANTHROPIC_API_KEY=file\nAGENT_MODEL=file\nREDIS_URL=\nUNKNOWN=1\n")
    environ = {"AGENT_MODEL": "environment", "DATABASE_URL": "", "HOME": "/home/me"}
    assert given_settings(environ, tmp_path / ".env") == {
        "ANTHROPIC_API_KEY": "file",
        "AGENT_MODEL": "environment",
    }


def test_no_file_is_fine(tmp_path: Path) -> None:
    assert given_settings({"PORT": "1"}, tmp_path / ".env") == {"PORT": "1"}


def test_processes_get_what_they_need_and_reach_loopback_without_a_proxy() -> None:
    environ = {"PATH": "/bin", "AWS_SECRET_ACCESS_KEY": "x", "HTTPS_PROXY": "http://proxy", "NO_PROXY": "intern"}
    variables = inherited(environ)
    assert "AWS_SECRET_ACCESS_KEY" not in variables
    assert variables["HTTPS_PROXY"] == "http://proxy"
    assert variables["NO_PROXY"] == variables["no_proxy"] == "intern,127.0.0.1,localhost"


def test_secrets_are_made_once_and_are_private(tmp_path: Path) -> None:
    made = kept_secrets(tmp_path / "secrets.json")
    assert kept_secrets(tmp_path / "secrets.json") == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0
    assert len(made["KEY_PEPPER"]) >= 32
    assert made["TELEGRAM_BOT_TOKEN"].partition(":")[0].isdecimal()
