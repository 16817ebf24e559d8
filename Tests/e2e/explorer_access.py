"""Whether everybody can use the explorer: names for screen readers, the keyboard alone, contrast, paper.

    explorer_access.py PICTURES URL

PICTURES gets what the printer would get of two pages.
"""

import json
import pathlib
import sys

import chromium

READY = "document.body?.dataset.ready === 'yes'"
PAGES = ["#/", "#/country/MY", "#/claims", "#/claim/atlas/A-2026-004", "#/members", "#/policy", "#/nodes", "#/governance", "#/verify", "#/trust"]

NAMES = """(() => {
    const found = [];
    const named = (one) => one.getAttribute('aria-label') || one.labels?.length > 0 || one.textContent.trim() || one.title
        || document.getElementById(one.getAttribute('aria-labelledby') ?? '');
    for (const one of document.querySelectorAll('a, button, input, select, textarea, summary, [role=img], [role=region], nav')) {
        if (!named(one)) found.push(`${one.tagName} without a name: ${one.outerHTML.slice(0, 80)}`);
    }
    for (const one of document.querySelectorAll('table')) if (!one.caption) found.push('a table without a caption');
    for (const one of document.querySelectorAll('th')) if (!one.scope) found.push(`a head without a scope: ${one.textContent}`);
    for (const one of document.querySelectorAll('svg:not([role=img]):not([aria-hidden=true])')) {
        if (!one.closest('[aria-hidden=true], [role=img]')) found.push(`a drawing without a role: ${one.outerHTML.slice(0, 80)}`);
    }
    if (document.querySelectorAll('h1').length !== 1) found.push(`${document.querySelectorAll('h1').length} headings of the first level`);
    if (document.querySelectorAll('main').length !== 1 || !document.documentElement.lang || !document.title) found.push('no main part, language or title');
    const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map((one) => Number(one.tagName[1]));
    levels.forEach((level, place) => { if (place > 0 && level > levels[place - 1] + 1) found.push(`a heading of level ${level} after ${levels[place - 1]}`); });
    return found;
})()"""

# WCAG 2: the relative luminance of two colours as a ratio; 4.5 for text, 3 for large or bold large text.
CONTRAST = """(() => {
    const rgb = (text) => (text.match(/[0-9.]+/g) ?? []).map(Number);
    const channel = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const ground = (one) => {
        for (let at = one; at; at = at.parentElement) {
            const colour = rgb(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    const found = new Set();
    for (const one of document.querySelectorAll('body *')) {
        const hasText = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!hasText || one.closest('option, script, style') || one.getClientRects().length === 0) continue;
        const style = getComputedStyle(one);
        const ink = rgb(one.closest('svg') ? style.fill : style.color);
        const [bright, dim] = [light(ink), light(ground(one))].sort((left, right) => right - left);
        const ratio = (bright + 0.05) / (dim + 0.05);
        const size = parseFloat(style.fontSize);
        const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
        if (ratio < least) found.add(`${ratio.toFixed(2)} for '${one.textContent.trim().slice(0, 30)}' (${one.tagName}.${one.className.baseVal ?? one.className})`);
    }
    return [...found];
})()"""

FOCUSED = """(() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    return { tag: one.tagName, text: (one.textContent || one.id).trim().slice(0, 40), href: one.getAttribute('href'),
        outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 };
})()"""


def check(description, found):
    print(f"  {'FAIL' if found else 'pass'}  {description}" + (f": {'; '.join(map(str, found[:6]))}" if found else ""))


def go(page, fragment):
    if page.value("location.hash") == fragment:
        return
    page.value(f"document.body.dataset.ready = ''; location.hash = {json.dumps(fragment)}")
    page.wait(READY)


def press(page, key, code):
    for kind in ("rawKeyDown", "keyUp"):
        page.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)


def keyboard(page):
    """Tab goes through everything that a mouse could press, and shows where it is; Enter follows a link."""
    wanted = page.value("[...document.querySelectorAll('a[href], button, input, select, textarea, summary')]"
                        ".filter((one) => one.getClientRects().length > 0 && (one.tagName === 'SUMMARY' || !one.closest('details:not([open])'))).length")
    seen = []
    for _ in range(wanted + 12):
        press(page, "Tab", 9)
        seen.append(page.value(FOCUSED))
    reached = [one for one in seen if one["tag"] in ("A", "BUTTON", "INPUT", "SELECT", "TEXTAREA", "SUMMARY")]
    check("the first Tab reaches the link that skips the menu", [] if "main" in str(seen[0]["href"]) else [seen[0]])
    names = {(one["tag"], one["text"], one["href"]) for one in reached}
    check(f"Tab reaches everything that can be pressed ({wanted})", [] if len(reached) >= wanted else [f"{len(reached)}: {sorted(map(str, names))}"])
    check("where the focus is can be seen", [one for one in seen if one["tag"] != "BODY" and not one["outline"]])
    page.value("document.querySelector('nav a[href=\"#/claims\"]').focus(); document.body.dataset.ready = ''")
    press(page, "Enter", 13)
    page.call("Input.dispatchKeyEvent", type="char", text="\r", key="Enter")
    page.value("void 0")
    try:
        page.wait("location.hash === '#/claims'", 5)
        check("Enter follows a link", [])
    except chromium.Failure as error:
        check("Enter follows a link", [error])
    page.wait(READY)
    check("and the new page has the focus", [] if page.value("document.activeElement.tagName") in ("MAIN", "H1") else [page.value(FOCUSED)])


def paper(page, target):
    page.call("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    for name, fragment in {"country": "#/country/MY", "claim": "#/claim/atlas/A-2026-004"}.items():
        go(page, fragment)
        hidden = page.value("[...document.querySelectorAll('nav, button, form')].filter((one) => one.getClientRects().length > 0).map((one) => one.tagName)")
        check(f"on paper the page {name} has no menu and no button", hidden)
        check(f"on paper the page {name} can be read, also from a dark screen", page.value(CONTRAST))
        ground = page.value("getComputedStyle(document.documentElement).backgroundColor")
        check(f"on paper the page {name} is white", [] if ground in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)") else [ground])
        page.screenshot(target / f"print-{name}.png")


def main(target, url):
    if not chromium.find():
        print("  skip  access to the explorer: there is no Chromium")
        return 77
    with chromium.Browser() as browser:
        for dark in (False, True):
            page = opened(browser, url, dark)
            for fragment in PAGES:
                go(page, fragment)
                page.value("for (const one of document.querySelectorAll('details')) one.open = true")
                if not dark:
                    check(f"everything on {fragment} has a name", page.value(NAMES))
                check(f"{fragment} has enough contrast, {'dark' if dark else 'light'}", page.value(CONTRAST))
        keyboard(opened(browser, url))
        paper(opened(browser, url), pathlib.Path(target))
    return 0


def opened(browser, url, dark=False):
    page = browser.page(dark=dark)
    page.open(f"{url}/")
    page.wait(READY)
    return page


sys.exit(main(*sys.argv[1:]))
