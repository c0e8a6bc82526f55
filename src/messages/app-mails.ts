import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** What every mail about an app knows. */
export interface AppMailFacts {
  readonly app: string
  /** Of the app's page. */
  readonly url: string
}

/** Mails to the owner of an app, plain text. contract/oauth.md §15. */
export const appMailMessages = {
  approvedSubject: phrase<AppMailFacts>(
    ({ app }) => `${app} đã được duyệt`,
    ({ app }) => `${app} was approved`,
  ),
  approved: phrase<AppMailFacts>(
    ({ app, url }) =>
      `Ứng dụng ${app} đã được duyệt. Từ bây giờ mọi công ty trên SePay đều có thể kết nối.\n\nTrang của ứng dụng: ${url}`,
    ({ app, url }) =>
      `Your app ${app} was approved. From now on every company on SePay can connect it.\n\nThe app: ${url}`,
  ),
  changesApprovedSubject: phrase<AppMailFacts>(
    ({ app }) => `Thay đổi của ${app} đã được duyệt`,
    ({ app }) => `The changes of ${app} were approved`,
  ),
  changesApproved: phrase<AppMailFacts>(
    ({ app, url }) => `Các thay đổi của ứng dụng ${app} đã được duyệt và có hiệu lực.\n\nTrang của ứng dụng: ${url}`,
    ({ app, url }) => `The changes of your app ${app} were approved and hold from now on.\n\nThe app: ${url}`,
  ),
  rejectedSubject: phrase<AppMailFacts>(
    ({ app }) => `${app} chưa được duyệt`,
    ({ app }) => `${app} was not approved`,
  ),
  rejected: phrase<AppMailFacts & { readonly reason: string }>(
    ({ app, url, reason }) =>
      `Ứng dụng ${app} chưa được duyệt. Lý do:\n\n${reason}\n\nBạn có thể sửa rồi gửi duyệt lại tại: ${url}`,
    ({ app, url, reason }) =>
      `Your app ${app} was not approved. The reason:\n\n${reason}\n\nYou can mend it and submit it again at: ${url}`,
  ),
  changesRejectedSubject: phrase<AppMailFacts>(
    ({ app }) => `Thay đổi của ${app} chưa được duyệt`,
    ({ app }) => `The changes of ${app} were not approved`,
  ),
  changesRejected: phrase<AppMailFacts & { readonly reason: string }>(
    ({ app, url, reason }) =>
      `Các thay đổi của ứng dụng ${app} chưa được duyệt; ứng dụng vẫn hoạt động như trước. Lý do:\n\n${reason}\n\nBạn có thể sửa rồi gửi lại tại: ${url}`,
    ({ app, url, reason }) =>
      `The changes of your app ${app} were not approved; the app works as before. The reason:\n\n${reason}\n\nYou can mend them and send them again at: ${url}`,
  ),
  suspendedSubject: phrase<AppMailFacts>(
    ({ app }) => `${app} đã bị tạm ngưng`,
    ({ app }) => `${app} was suspended`,
  ),
  suspended: phrase<AppMailFacts & { readonly reason: string }>(
    ({ app, url, reason }) =>
      `Ứng dụng ${app} đã bị tạm ngưng: không ai kết nối được và mọi token của ứng dụng bị từ chối. Lý do:\n\n${reason}\n\nHãy liên hệ người vận hành. Trang của ứng dụng: ${url}`,
    ({ app, url, reason }) =>
      `Your app ${app} was suspended: nobody can connect it, and its tokens are refused. The reason:\n\n${reason}\n\nPlease contact the operator. The app: ${url}`,
  ),
  reinstatedSubject: phrase<AppMailFacts>(
    ({ app }) => `${app} hoạt động trở lại`,
    ({ app }) => `${app} works again`,
  ),
  reinstated: phrase<AppMailFacts>(
    ({ app, url }) =>
      `Ứng dụng ${app} không còn bị tạm ngưng. Các token còn hạn dùng được trở lại.\n\nTrang của ứng dụng: ${url}`,
    ({ app, url }) =>
      `Your app ${app} is no longer suspended. Its tokens that have not expired work again.\n\nThe app: ${url}`,
  ),
  secretEndsSubject: phrase<AppMailFacts>(
    ({ app }) => `Mã bí mật của ${app} sắp hết hạn`,
    ({ app }) => `A client secret of ${app} is about to expire`,
  ),
  secretEnds: phrase<
    AppMailFacts & { readonly last: string; readonly endsAt: string; readonly usedAt: string; readonly ip: string }
  >(
    ({ app, url, last, endsAt, usedAt, ip }) =>
      `Mã bí mật có 4 ký tự cuối ${last} của ứng dụng ${app} hết hạn lúc ${endsAt} nhưng vẫn đang được dùng (gần nhất lúc ${usedAt}, từ ${ip}).\n\nHãy chuyển mọi máy chủ sang mã bí mật mới trước lúc đó, nếu không ứng dụng sẽ không lấy được token.\n\nCác mã bí mật: ${url}/secrets`,
    ({ app, url, last, endsAt, usedAt, ip }) =>
      `The client secret of ${app} that ends in ${last} expires at ${endsAt}, and it is still in use (last at ${usedAt}, from ${ip}).\n\nMove every server to the new secret before then, or the app will get no more tokens.\n\nThe secrets: ${url}/secrets`,
  ),
  vietnamTime: phrase<string>(
    (time) => `${time} (giờ Việt Nam)`,
    (time) => `${time} (Vietnam time)`,
  ),
} satisfies Catalogue
