"use strict";
/* report.html in a real Chromium. Called by run.sh, which says in the environment where things are:
   REPORTS (a folder with one folder per report: demo, hostile, and irc where that corpus is). */
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { after, before, describe, it } = require("node:test");
const { pathToFileURL } = require("node:url");
const { chromium } = require("playwright-core");

const AXE = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const REPORTS = process.env.REPORTS;
const CHROMIUM_OPTIONS = ["--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const names = fs.readdirSync(REPORTS).filter((name) => fs.existsSync(path.join(REPORTS, name, "report.html")));

let browser;
before(async () => {
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: CHROMIUM_OPTIONS,
        chromiumSandbox: process.getuid() !== 0 });
});
after(() => browser && browser.close());

/* Opens a report; whatever it says, asks for or pops up is collected in `noise`. */
async function open(t, name, options = {}) {
    const context = await browser.newContext(options);
    t.after(() => context.close());
    const page = await context.newPage();
    const noise = [], url = pathToFileURL(path.join(REPORTS, name, "report.html")).href;
    page.on("console", (message) => noise.push("console: " + message.text()));
    page.on("pageerror", (error) => noise.push("error: " + error.message));
    page.on("dialog", (dialog) => { noise.push("dialog: " + dialog.message()); dialog.dismiss(); });
    page.on("popup", () => noise.push("popup"));
    page.on("request", (request) => { if (request.url().split("#")[0] !== url) noise.push("request: " + request.url()); });
    await page.goto(url);
    return { page, noise };
}

async function column(page, table, index) {
    return page.locator(table).first().evaluate((element, at) =>
        Array.from(element.tBodies[0].rows).filter((row) => !row.hidden).map((row) => {
            const value = row.cells[at].getAttribute("data-value");
            return value === null ? row.cells[at].textContent : Number(value);
        }), index);
}

function is_sorted(values, way) {
    return values.every((value, i) => i === 0 || typeof value !== "number" || typeof values[i - 1] !== "number" ||
        way * (value - values[i - 1]) >= 0);
}

for (const name of names) {
    describe(name, () => {
        it("says nothing on the console and asks for nothing", async (t) => {
            const { page, noise } = await open(t, name);
            await page.mouse.wheel(0, 5000);
            for (const summary of await page.locator("summary").all()) await summary.click();
            assert.deepEqual(noise, []);
        });

        for (const colorScheme of ["light", "dark"]) {
            it(`has no violation that axe-core knows of, ${colorScheme}`, async (t) => {
                const { page } = await open(t, name, { colorScheme });
                for (const summary of await page.locator("summary").all()) await summary.click();
                await page.evaluate(AXE);
                const found = await page.evaluate(() => window.axe.run());
                assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120))}`), []);
            });
        }

        it("sorts a table by click and by key, up and down", async (t) => {
            const { page, noise } = await open(t, name);
            const header = page.locator("#figures th.number button");
            await header.click();
            assert.ok(is_sorted(await column(page, "#figures table", 1), -1));
            assert.equal(await page.locator("#figures th[aria-sort]").getAttribute("aria-sort"), "descending");
            await header.focus();
            await page.keyboard.press("Enter");
            assert.ok(is_sorted(await column(page, "#figures table", 1), 1));
            assert.equal(await page.locator("#figures th[aria-sort]").getAttribute("aria-sort"), "ascending");
            assert.deepEqual(noise, []);
        });

        it("filters a table by what is typed", async (t) => {
            const { page } = await open(t, name);
            const rows = page.locator("#figures tbody tr:visible"), all = await rows.count();
            await page.locator("#figures .filter input").fill("unicity");
            const shown = await rows.count();
            assert.ok(shown > 0 && all > shown, `${shown} of ${all}`);
            for (const row of await rows.all()) assert.match((await row.textContent()).toLowerCase(), /unicity/);
            await page.locator("#figures .filter input").fill("");
            assert.equal(await rows.count(), all);
        });

        it("fits a telephone of 360 pixels", async (t) => {
            const { page } = await open(t, name, { viewport: { width: 360, height: 740 } });
            assert.ok(360 >= await page.evaluate(() => document.documentElement.scrollWidth));
        });

        for (const colorScheme of ["light", "dark"])
            for (const width of [390, 1280])
                it(`needs no scrolling sideways at ${width} pixels, ${colorScheme}`, async (t) => {
                    const { page } = await open(t, name, { colorScheme, viewport: { width, height: 900 } });
                    assert.ok(width >= await page.evaluate(() => document.documentElement.scrollWidth));
                });

        it("has its first page on two sheets of paper", async (t) => {
            /* A4 less the margins of the style sheet, at 96 pixels an inch. */
            const { page } = await open(t, name, { viewport: { width: 673, height: 1009 } });
            await page.emulateMedia({ media: "print" });
            const bottom = await page.evaluate(() => document.querySelector(".appendix").getBoundingClientRect().top);
            assert.ok(2 * 1009 >= bottom, `${bottom} pixels`);
        });

        it("says the same without scripts", async (t) => {
            const plain = await open(t, name, { javaScriptEnabled: false });
            const full = await open(t, name);
            const text = (page) => page.locator("main").innerText();
            const without = (await text(full.page)).split("\n").filter((line) => !line.startsWith("Filter:"));
            const lines = new Set((await text(plain.page)).split("\n"));
            assert.deepEqual(without.filter((line) => line.trim() && !lines.has(line)), []);
            assert.deepEqual(plain.noise, []);
        });

        it("moves nothing", async (t) => {
            const { page } = await open(t, name, { reducedMotion: "reduce" });
            assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
        });

        it("prints", async (t) => {
            const { page } = await open(t, name);
            const pdf = await page.pdf({ format: "A4" });
            assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
            if (process.env.SCREENSHOTS) fs.writeFileSync(path.join(process.env.SCREENSHOTS, `${name}.pdf`), pdf);
        });

        if (process.env.SCREENSHOTS)
            it("is looked at", async (t) => {
                for (const [label, options] of [["light", {}], ["dark", { colorScheme: "dark" }],
                    ["telephone", { viewport: { width: 360, height: 740 } }]]) {
                    const { page } = await open(t, name, options);
                    await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `${name}-${label}.png`), fullPage: true });
                }
            });
    });
}

it("shows hostile text as text", async (t) => {
    const { page, noise } = await open(t, "hostile");
    const found = await page.evaluate(() => ({
        pwned: window.pwned,
        scripts: document.scripts.length,
        loaders: document.querySelectorAll("img, iframe, object, embed, link, base, form, video, audio").length,
        handlers: Array.from(document.querySelectorAll("*")).filter((element) =>
            Array.from(element.attributes).some((attribute) => attribute.name.startsWith("on"))).length,
        links: Array.from(document.links).filter((link) => !link.getAttribute("href").startsWith("#")).length,
        text: document.body.textContent.includes("<img src=x onerror=\"window.pwned=1\">"),
    }));
    assert.deepEqual(found, { pwned: undefined, scripts: 1, loaders: 0, handlers: 0, links: 0, text: true });
    assert.deepEqual(noise, []);
});
