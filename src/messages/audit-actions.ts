import type { Catalogue } from "./catalogue.ts"
import { type Phrase, phrase } from "./catalogue.ts"

/** What was done, to follow the name of who did it; the value is the thing's name. */
const did = (vi: (thing: string) => string, en: (thing: string) => string): Phrase<string> => phrase<string>(vi, en)

/**
 * Every action of the audit log in words, by its code. An action that stands in the code and not here fails
 * `test/portal/audit.test.ts`.
 */
export const auditActions = {
  "audit.export": did(
    () => "đã tải nhật ký hoạt động về máy",
    () => "downloaded the audit log",
  ),
  "bank_account.close": did(
    (x) => `đã ngừng theo dõi tài khoản ${x}`,
    (x) => `closed the bank account ${x}`,
  ),
  "bank_account.link": did(
    (x) => `đã liên kết tài khoản ${x}`,
    (x) => `linked the bank account ${x}`,
  ),
  "bank_account.pause": did(
    (x) => `đã tạm dừng tài khoản ${x}`,
    (x) => `paused the bank account ${x}`,
  ),
  "bank_account.rename": did(
    (x) => `đã đổi tên gợi nhớ của tài khoản ${x}`,
    (x) => `changed the label of the bank account ${x}`,
  ),
  "bank_account.resume": did(
    (x) => `đã tiếp tục theo dõi tài khoản ${x}`,
    (x) => `resumed the bank account ${x}`,
  ),
  "bank_account.update": did(
    (x) => `đã sửa tài khoản ${x}`,
    (x) => `changed the bank account ${x}`,
  ),
  "client.approve": did(
    (x) => `đã duyệt ứng dụng ${x}`,
    (x) => `approved the app ${x}`,
  ),
  "client.create": did(
    (x) => `đã đăng ký ứng dụng ${x}`,
    (x) => `registered the app ${x}`,
  ),
  "client.delete": did(
    (x) => `đã xóa ứng dụng ${x}`,
    (x) => `deleted the app ${x}`,
  ),
  "client.reinstate": did(
    (x) => `đã cho ứng dụng ${x} hoạt động lại`,
    (x) => `reinstated the app ${x}`,
  ),
  "client.reject": did(
    (x) => `đã từ chối duyệt ứng dụng ${x}`,
    (x) => `rejected the app ${x}`,
  ),
  "client.secret_end": did(
    (x) => `đã hủy một mã bí mật của ứng dụng ${x}`,
    (x) => `ended a secret of the app ${x}`,
  ),
  "client.secret_make": did(
    (x) => `đã tạo mã bí mật mới cho ứng dụng ${x}`,
    (x) => `made a new secret for the app ${x}`,
  ),
  "client.submit": did(
    (x) => `đã gửi ứng dụng ${x} đi duyệt`,
    (x) => `submitted the app ${x} for review`,
  ),
  "client.suspend": did(
    (x) => `đã tạm ngưng ứng dụng ${x}`,
    (x) => `suspended the app ${x}`,
  ),
  "client.update": did(
    (x) => `đã sửa ứng dụng ${x}`,
    (x) => `changed the app ${x}`,
  ),
  "client.withdraw": did(
    (x) => `đã rút ứng dụng ${x} khỏi hàng chờ duyệt`,
    (x) => `withdrew the app ${x} from review`,
  ),
  "company.close": did(
    (x) => `đã đóng công ty ${x}`,
    (x) => `closed the company ${x}`,
  ),
  "company.create": did(
    (x) => `đã tạo công ty ${x}`,
    (x) => `created the company ${x}`,
  ),
  "company.export": did(
    () => "đã tải toàn bộ dữ liệu của công ty về máy",
    () => "downloaded all of the company's data",
  ),
  "company.reinstate": did(
    (x) => `đã cho công ty ${x} hoạt động lại`,
    (x) => `reinstated the company ${x}`,
  ),
  "company.suspend": did(
    (x) => `đã tạm ngưng công ty ${x}`,
    (x) => `suspended the company ${x}`,
  ),
  "company.update": did(
    () => "đã sửa thông tin và cấu hình của công ty",
    () => "changed the company's details and settings",
  ),
  "feed.create": did(
    (x) => `đã tạo nguồn dữ liệu ${x}`,
    (x) => `created the feed ${x}`,
  ),
  "feed.roll_secret": did(
    (x) => `đã đổi khóa của nguồn dữ liệu ${x}`,
    (x) => `gave the feed ${x} a new secret`,
  ),
  "feed.switch_off": did(
    (x) => `đã tắt nguồn dữ liệu ${x}`,
    (x) => `switched off the feed ${x}`,
  ),
  "feed.switch_on": did(
    (x) => `đã bật nguồn dữ liệu ${x}`,
    (x) => `switched on the feed ${x}`,
  ),
  "gap.close": did(
    (x) => `đã đóng khoảng thiếu giao dịch ${x}`,
    (x) => `closed the gap ${x}`,
  ),
  "grant.give": did(
    (x) => `đã cho phép ứng dụng ${x} truy cập`,
    (x) => `allowed the app ${x}`,
  ),
  "grant.narrow": did(
    (x) => `đã thu hẹp quyền của ứng dụng ${x}`,
    (x) => `limited the access of the app ${x}`,
  ),
  "grant.renew": did(
    (x) => `đã cho phép lại ứng dụng ${x}`,
    (x) => `allowed the app ${x} again`,
  ),
  "grant.revoke": did(
    (x) => `đã thu hồi quyền của ứng dụng ${x}`,
    (x) => `revoked the access of the app ${x}`,
  ),
  "invitation.accept": did(
    (x) => `đã nhận lời mời ${x}`,
    (x) => `accepted the invitation ${x}`,
  ),
  "invitation.create": did(
    (x) => `đã mời ${x} vào công ty`,
    (x) => `invited ${x} into the company`,
  ),
  "invitation.send": did(
    (x) => `đã gửi lại lời mời cho ${x}`,
    (x) => `sent the invitation to ${x} again`,
  ),
  "invitation.withdraw": did(
    (x) => `đã rút lời mời gửi ${x}`,
    (x) => `withdrew the invitation to ${x}`,
  ),
  "key.burn": did(
    (x) => `đã hủy khóa ký ${x}`,
    (x) => `burned the signing key ${x}`,
  ),
  "key.rotate": did(
    (x) => `đã xoay khóa ký sang ${x}`,
    (x) => `moved the signing keys on to ${x}`,
  ),
  "payment_code.add": did(
    (x) => `đã thêm mẫu mã thanh toán ${x}`,
    (x) => `added the payment-code template ${x}`,
  ),
  "payment_code.delete": did(
    (x) => `đã xóa mẫu mã thanh toán ${x}`,
    (x) => `deleted the payment-code template ${x}`,
  ),
  "payment_code.move": did(
    (x) => `đã đổi thứ tự mẫu mã thanh toán ${x}`,
    (x) => `moved the payment-code template ${x}`,
  ),
  "payment_code.switch": did(
    (x) => `đã bật hoặc tắt mẫu mã thanh toán ${x}`,
    (x) => `switched the payment-code template ${x} on or off`,
  ),
  "payment_code.update": did(
    () => "đã sửa mẫu mã thanh toán",
    () => "changed the payment-code templates",
  ),
  "statement.import": did(
    (x) => `đã nhập sao kê ${x}`,
    (x) => `imported the statement ${x}`,
  ),
  "sub_account.add": did(
    (x) => `đã thêm tài khoản ảo ${x}`,
    (x) => `added the virtual account ${x}`,
  ),
  "sub_account.close": did(
    (x) => `đã đóng tài khoản ảo ${x}`,
    (x) => `closed the virtual account ${x}`,
  ),
  "sub_account.rename": did(
    (x) => `đã đổi tên gợi nhớ của tài khoản ảo ${x}`,
    (x) => `changed the label of the virtual account ${x}`,
  ),
  "sub_account.reopen": did(
    (x) => `đã mở lại tài khoản ảo ${x}`,
    (x) => `reopened the virtual account ${x}`,
  ),
  "transaction.export": did(
    () => "đã tải danh sách giao dịch về máy",
    () => "downloaded transactions",
  ),
  "transaction.raw_read": did(
    (x) => `đã xem dữ liệu gốc của giao dịch ${x}`,
    (x) => `looked at the raw data of the transaction ${x}`,
  ),
  "user.change_email": did(
    (x) => `đã đổi email của ${x}`,
    (x) => `changed the e-mail of ${x}`,
  ),
  "user.change_rights": did(
    (x) => `đã đổi vai trò hoặc quyền của ${x}`,
    (x) => `changed the role or permissions of ${x}`,
  ),
  "user.close": did(
    (x) => `đã đóng tài khoản người dùng ${x}`,
    (x) => `closed the user ${x}`,
  ),
  "user.create": did(
    (x) => `đã thêm người dùng ${x}`,
    (x) => `added the user ${x}`,
  ),
  "user.other_sessions_end": did(
    () => "đã đăng xuất mọi thiết bị khác",
    () => "signed out all other devices",
  ),
  "user.password_change": did(
    () => "đã đổi mật khẩu",
    () => "changed the password",
  ),
  "user.password_set": did(
    (x) => `đã đặt mật khẩu mới cho ${x}`,
    (x) => `gave ${x} a new password`,
  ),
  "user.recovery_codes_renew": did(
    () => "đã tạo bộ mã khôi phục mới",
    () => "made new recovery codes",
  ),
  "user.reinstate": did(
    (x) => `đã cho người dùng ${x} hoạt động lại`,
    (x) => `reinstated the user ${x}`,
  ),
  "user.remove": did(
    (x) => `đã xóa người dùng ${x} khỏi công ty`,
    (x) => `removed the user ${x} from the company`,
  ),
  "user.reset_password": did(
    () => "đã đặt lại mật khẩu qua email",
    () => "reset the password by e-mail",
  ),
  "user.second_factor_off": did(
    () => "đã tắt xác thực hai lớp",
    () => "switched off the second factor",
  ),
  "user.second_factor_on": did(
    () => "đã bật xác thực hai lớp",
    () => "switched on the second factor",
  ),
  "user.session_end": did(
    () => "đã đăng xuất một thiết bị",
    () => "signed out one device",
  ),
  "user.sign_in": did(
    () => "đã đăng nhập",
    () => "signed in",
  ),
  "user.sign_out": did(
    () => "đã đăng xuất",
    () => "signed out",
  ),
  "user.suspend": did(
    (x) => `đã tạm ngưng người dùng ${x}`,
    (x) => `suspended the user ${x}`,
  ),
  "user.update": did(
    (x) => `đã sửa hồ sơ của ${x}`,
    (x) => `changed the profile of ${x}`,
  ),
  "webhook.clone": did(
    (x) => `đã nhân bản thành webhook ${x}`,
    (x) => `cloned a webhook into ${x}`,
  ),
  "webhook.create": did(
    (x) => `đã tạo webhook ${x}`,
    (x) => `created the webhook ${x}`,
  ),
  "webhook.delete": did(
    (x) => `đã xóa webhook ${x}`,
    (x) => `deleted the webhook ${x}`,
  ),
  "webhook.finish_roll": did(
    (x) => `đã kết thúc việc đổi khóa của webhook ${x}`,
    (x) => `finished the secret roll of the webhook ${x}`,
  ),
  "webhook.replay": did(
    (x) => `đã gửi lại giao dịch tới webhook ${x}`,
    (x) => `sent transactions again to the webhook ${x}`,
  ),
  "webhook.roll_secret": did(
    (x) => `đã đổi khóa ký của webhook ${x}`,
    (x) => `gave the webhook ${x} a new secret`,
  ),
  "webhook.switch_off": did(
    (x) => `đã tắt webhook ${x}`,
    (x) => `switched off the webhook ${x}`,
  ),
  "webhook.test": did(
    (x) => `đã gửi thử tới webhook ${x}`,
    (x) => `sent a test to the webhook ${x}`,
  ),
  "webhook.update": did(
    (x) => `đã sửa webhook ${x}`,
    (x) => `changed the webhook ${x}`,
  ),
} satisfies Catalogue
