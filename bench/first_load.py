"""The first load of the respondent page in Chromium, on an emulated phone with a slow 4G network.

The network and the processor are slowed as Lighthouse does for phones: 150 ms of round trip, 1.6 Mbit/s down,
750 kbit/s up, a processor four times slower. Beside it, an empty page over the same network: what no page can beat.
"""

from __future__ import annotations

import os
import shutil
import statistics
from typing import Any

SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_638_400 / 8,
    "uploadThroughput": 768_000 / 8,
}
RUNS = 5
WATCH = """
window.seen = {lcp: 0, cls: 0};
new PerformanceObserver(l => l.getEntries().forEach(e => { seen.lcp = e.startTime; }))
  .observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(l => l.getEntries().forEach(e => { if (!e.hadRecentInput) seen.cls += e.value; }))
  .observe({type: "layout-shift", buffered: true});
"""


def run(port: int, slug: str) -> dict[str, Any]:
    """Medians over five loads with an empty cache; nothing where there is no Chromium."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {"not measured": "playwright is missing"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        loads = [_load(browser, f"http://127.0.0.1:{port}/q/{slug}") for _ in range(RUNS)]
        bare = [_load(browser, f"http://127.0.0.1:{port}/healthz") for _ in range(RUNS)]
        browser.close()
    return {
        "largest paint, ms": statistics.median(load["lcp"] for load in loads),
        "an empty page, ms": statistics.median(load["loaded"] for load in bare),
        "layout shift": max(load["cls"] for load in loads),
        "requests": max(load["requests"] for load in loads),
        "bytes over the network": max(load["bytes"] for load in loads),
    }


def _load(browser: Any, address: str) -> dict[str, float]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, is_mobile=True
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_4G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_timeout(1500)
    seen = page.evaluate(
        "({...seen, loaded: performance.timing.loadEventEnd - performance.timing.navigationStart})"
    )
    context.close()
    return {**seen, "requests": len(sizes), "bytes": sum(sizes)}
