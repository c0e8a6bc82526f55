import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** The roles within a company, and what each may do. */
export const roleMessages = {
  SuperAdmin: { vi: "Chủ sở hữu", en: "Owner" },
  Admin: { vi: "Quản trị viên", en: "Administrator" },
  User: { vi: "Nhân viên", en: "User" },
  SuperAdminNote: {
    vi: "Làm được mọi việc, kể cả thêm hoặc bớt chủ sở hữu.",
    en: "May do everything, and make or unmake owners.",
  },
  AdminNote: {
    vi: "Làm được mọi việc, trừ việc thêm hoặc bớt chủ sở hữu.",
    en: "May do everything except make or unmake owners.",
  },
  UserNote: { vi: "Chỉ làm được những việc chọn dưới đây.", en: "May do only what is ticked below." },
} satisfies Catalogue

/** The permissions of contract/api.md §2, in its words. */
export const permissionMessages = {
  "bank_account.list": { vi: "Tài khoản ngân hàng: xem danh sách", en: "Bank accounts: view account list" },
  "bank_account.detail": { vi: "Tài khoản ngân hàng: xem chi tiết", en: "Bank accounts: view account details" },
  "transaction.list": { vi: "Giao dịch ngân hàng: xem danh sách", en: "Bank transactions: view list" },
  "webhook.list": { vi: "Webhook: xem danh sách", en: "Webhooks: view list" },
  "webhook.create": { vi: "Webhook: thêm", en: "Webhooks: create" },
  "webhook.update": { vi: "Webhook: sửa", en: "Webhooks: update" },
  "webhook.delete": { vi: "Webhook: xóa", en: "Webhooks: delete" },
  "application.manage": { vi: "Ứng dụng OAuth: quản lý", en: "OAuth applications: manage" },
} satisfies Catalogue

/** A company's people. */
export const companyUsersMessages = {
  title: { vi: "Người dùng", en: "Users" },
  lead: {
    vi: "Những người làm việc với dữ liệu của công ty, và mỗi người được làm gì.",
    en: "Who works with your company's data, and what each may do.",
  },
  invite: { vi: "Mời người dùng", en: "Invite a user" },
  tableCaption: { vi: "Người dùng của công ty", en: "Users of the company" },
  name: { vi: "Họ tên", en: "Name" },
  role: { vi: "Vai trò", en: "Role" },
  may: { vi: "Được làm", en: "May" },
  everything: { vi: "Mọi việc", en: "Everything" },
  nothing: { vi: "Chưa được làm gì", en: "Nothing yet" },
  permissionsCount: phrase<number>(
    (count) => `${count} quyền`,
    (count) => (count === 1 ? "1 permission" : `${count} permissions`),
  ),
  actions: { vi: "Thao tác", en: "Actions" },
  change: { vi: "Sửa", en: "Change" },
  changeLabel: phrase<string>(
    (name) => `Sửa quyền của ${name}`,
    (name) => `Change the rights of ${name}`,
  ),
  you: { vi: "Bạn", en: "You" },
  closed: { vi: "Bị khóa", en: "Closed" },
  nextPage: { vi: "Trang sau", en: "Next page" },
  firstPage: { vi: "Về trang đầu", en: "First page" },

  invitationsTitle: { vi: "Lời mời đang chờ", en: "Invitations waiting" },
  validUntil: { vi: "hiệu lực đến", en: "works until" },
  expired: { vi: "Đã hết hạn", en: "Expired" },
  resend: { vi: "Gửi lại", en: "Send again" },
  resendLabel: phrase<string>(
    (email) => `Gửi lại lời mời cho ${email}`,
    (email) => `Send again the invitation of ${email}`,
  ),
  withdraw: { vi: "Rút lại", en: "Withdraw" },
  withdrawLabel: phrase<string>(
    (email) => `Rút lại lời mời của ${email}`,
    (email) => `Withdraw the invitation of ${email}`,
  ),

  doneInvited: {
    vi: "Đã tạo lời mời; thư đang được gửi đi. Liên kết có hiệu lực trong 7 ngày.",
    en: "The invitation is made and its mail is on its way. The link works for 7 days.",
  },
  doneSent: {
    vi: "Đã gửi lại lời mời. Liên kết trước không còn dùng được.",
    en: "The invitation was sent again. The earlier link no longer works.",
  },
  doneWithdrawn: { vi: "Đã rút lại lời mời.", en: "The invitation was withdrawn." },
  doneChanged: { vi: "Đã lưu quyền mới; có hiệu lực ngay.", en: "The rights are saved and hold at once." },
  doneRemoved: { vi: "Đã đưa người dùng ra khỏi công ty.", en: "The user was removed from the company." },

  inviteTitle: { vi: "Mời người dùng", en: "Invite a user" },
  inviteLead: {
    vi: "Người được mời nhận một thư kèm liên kết để tự đặt mật khẩu. Họ chỉ thấy dữ liệu của công ty sau khi đồng ý.",
    en: "They get a mail with a link and set a password of their own. They see your company's data only after they accept.",
  },
  inviteEmail: { vi: "E-mail của người được mời", en: "Their e-mail" },
  inviteLanguage: { vi: "Ngôn ngữ của thư mời", en: "Language of the mail" },
  inviteSubmit: { vi: "Gửi lời mời", en: "Send the invitation" },
  cancel: { vi: "Hủy", en: "Cancel" },
  permissions: { vi: "Nhân viên được làm", en: "A user may" },
  permissionsHint: {
    vi: "Chỉ áp dụng cho vai trò Nhân viên; chủ sở hữu và quản trị viên làm được mọi việc.",
    en: "Counts for the role User alone; owners and administrators may do everything.",
  },
  memberProblem: { vi: "Người này đã ở trong công ty của bạn.", en: "This person is in your company already." },
  invitedProblem: {
    vi: "Địa chỉ này đã có lời mời. Bạn có thể gửi lại ở trang Người dùng.",
    en: "This address is invited already. You can send it again on the page Users.",
  },
  invitationsFull: {
    vi: "Công ty đang có quá nhiều lời mời chưa được chấp nhận. Hãy thu hồi bớt lời mời cũ rồi mời lại.",
    en: "Too many invitations of your company are open. Withdraw some that are no longer needed, then invite again.",
  },
  roleProblem: { vi: "Hãy chọn một vai trò.", en: "Choose a role." },
  permissionProblem: { vi: "Hãy chọn lại các quyền.", en: "Choose the permissions again." },
  superAdminOnly: {
    vi: "Chỉ chủ sở hữu mới được thêm, sửa hoặc xóa một chủ sở hữu.",
    en: "Only an owner may make, change or remove an owner.",
  },
  lastSuperAdmin: {
    vi: "Công ty phải luôn có ít nhất một chủ sở hữu. Hãy chỉ định thêm một người trước.",
    en: "A company always has an owner. Make somebody else one first.",
  },
  oneself: {
    vi: "Bạn không thể tự xóa mình. Hãy nhờ một người quản trị khác.",
    en: "You cannot remove yourself. Ask another administrator.",
  },
  changedMeanwhile: {
    vi: "Quyền của người này vừa được thay đổi ở nơi khác. Lựa chọn của bạn vẫn còn dưới đây; nhấn Lưu một lần nữa để dùng.",
    en: "These rights were changed elsewhere meanwhile. Your choice is still below; press Save once more to use it.",
  },

  rightsTitle: phrase<string>(
    (name) => `Quyền của ${name}`,
    (name) => `Rights of ${name}`,
  ),
  joined: { vi: "Tham gia", en: "Joined" },
  save: { vi: "Lưu", en: "Save" },
  removeTitle: phrase<string>(
    (name) => `Xóa ${name} khỏi công ty?`,
    (name) => `Remove ${name} from the company?`,
  ),
  removeSection: { vi: "Xóa khỏi công ty", en: "Remove from the company" },
  removeLink: { vi: "Xóa người dùng…", en: "Remove this user…" },
  removeEffects: { vi: "Điều gì sẽ xảy ra", en: "What happens" },
  removeEffectSessions: {
    vi: "Người này bị đăng xuất ngay và không đăng nhập được nữa.",
    en: "They are signed out at once and can no longer sign in.",
  },
  removeEffectApps: {
    vi: "Các ứng dụng mà người này đã kết nối mất quyền truy cập.",
    en: "Apps that they connected lose their access.",
  },
  removeEffectData: {
    vi: "Dữ liệu, webhook và nhật ký của công ty vẫn còn.",
    en: "The company's data, webhooks and audit log stay.",
  },
  removeConfirm: { vi: "Xóa người dùng", en: "Remove this user" },
} satisfies Catalogue

/** Accepting an invitation. */
export const invitationMessages = {
  title: phrase<string>(
    (company) => `Tham gia ${company}`,
    (company) => `Join ${company}`,
  ),
  lead: phrase<string>(
    (inviter) => `${inviter} mời bạn. Hãy điền tên và chọn mật khẩu để tạo tài khoản.`,
    (inviter) => `${inviter} invites you. Fill in your name and choose a password to create your account.`,
  ),
  submit: { vi: "Tạo tài khoản và tham gia", en: "Create the account and join" },
  takenTitle: { vi: "Địa chỉ này đã có tài khoản", en: "This address has an account already" },
  takenText: {
    vi: "Mỗi người dùng chỉ thuộc về một công ty, và địa chỉ này đã có tài khoản. Hãy nhờ người mời bạn gửi lời mời đến một địa chỉ e-mail khác.",
    en: "A user belongs to one company, and this address has an account already. Ask whoever invited you to send the invitation to another e-mail address.",
  },
} satisfies Catalogue
