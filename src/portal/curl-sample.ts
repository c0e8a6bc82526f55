import type { ListedOperation } from "./api-document.ts"

/** A call of the operation as one would type it into a shell; ids and the token are left to fill in. Pure. */
export function curlSample({ method, path, operation }: ListedOperation, baseUrl: string): string {
  const url = `${baseUrl}${path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => name.toUpperCase())}`
  const body = operation.requestBody?.content["application/json"]?.example
  return [
    method === "get" ? `curl ${quote(url)}` : `curl -X ${method.toUpperCase()} ${quote(url)}`,
    `-H ${quote("Authorization: Bearer ACCESS_TOKEN")}`,
    ...(body === undefined
      ? []
      : [`-H ${quote("Content-Type: application/json")}`, `-d ${quote(JSON.stringify(body))}`]),
  ].join(" \\\n  ")
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
