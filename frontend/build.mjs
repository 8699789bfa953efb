// Builds everything that a browser, a chart or a PDF takes from here, into dist/ (never committed).
//
// Every .js and .css file directly under src/ is one entry; what lies in folders under src/ is imported by them.
import { build } from "esbuild";
import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, "src");
const dist = join(here, "dist");
const modules = join(here, "node_modules");

// The Latin subsets, under names that a style sheet can write: url("./fonts/source-sans-3.woff2").
const webFonts = {
  "source-sans-3.woff2": "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
  "source-sans-3-italic.woff2": "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-italic.woff2",
  "source-serif-4.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-normal.woff2",
  "source-serif-4-italic.woff2": "@fontsource-variable/source-serif-4/files/source-serif-4-latin-wght-italic.woff2",
};

// Charts and PDF take static TrueType files with all their glyphs: the Latin web subsets lack the narrow
// no-break space of French numbers, and signs such as ≥.
const printFonts = [
  ["source-sans-3", "SourceSans3"],
  ["source-serif-4", "SourceSerif4"],
].flatMap(([family, name]) =>
  ["400Regular", "400Regular_Italic", "600SemiBold", "600SemiBold_Italic", "700Bold"].map(
    (style) => `@expo-google-fonts/${family}/${style}/${name}_${style}.ttf`,
  ),
);

async function entries() {
  const names = await readdir(source).catch(() => []);
  return names.filter((name) => [".js", ".css"].includes(extname(name))).map((name) => join(source, name));
}

async function copyFonts() {
  await mkdir(join(dist, "fonts"), { recursive: true });
  await mkdir(join(dist, "ttf"), { recursive: true });
  for (const [name, path] of Object.entries(webFonts)) await cp(join(modules, path), join(dist, "fonts", name));
  for (const path of printFonts) await cp(join(modules, path), join(dist, "ttf", path.split("/").at(-1)));
}

async function report() {
  for (const name of (await readdir(dist)).sort()) {
    if (![".js", ".css"].includes(extname(name))) continue;
    const bytes = readFileSync(join(dist, name));
    console.log(`  ${name}  ${bytes.length} octets, ${gzipSync(bytes, { level: 9 }).length} compressés`);
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const entryPoints = await entries();
if (entryPoints.length > 0) {
  await build({
    entryPoints,
    outdir: dist,
    bundle: true,
    minify: true,
    format: "iife",
    // Phones of 2020: the oldest whose browsers have all that the pages need.
    target: ["chrome87", "firefox78", "safari14.1"],
    external: ["./fonts/*"],
    loader: { ".woff2": "file", ".svg": "dataurl" },
    assetNames: "fonts/[name]-[hash]",
    legalComments: "none",
    logLevel: "warning",
  });
}
await copyFonts();
await report();
