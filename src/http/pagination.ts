/** `meta.pagination` of a list (contract/api.md §3), all integers. */
export interface Pagination {
  readonly total: number
  readonly per_page: number
  readonly current_page: number
  readonly last_page: number
}

/** Which slice of a list is asked for: `page` from 1, `limit` rows a page. */
export interface Page {
  readonly page: number
  readonly limit: number
}

export function pagination(total: number, { page, limit }: Page): Pagination {
  return { total, per_page: limit, current_page: page, last_page: Math.max(1, Math.ceil(total / limit)) }
}
