import type { Catalogue } from "./catalogue.ts"
import { phrase } from "./catalogue.ts"

/** A browser and its system, in words. */
export const deviceMessages = {
  both: phrase<{ browser: string; system: string }>(
    ({ browser, system }) => `${browser} trên ${system}`,
    ({ browser, system }) => `${browser} on ${system}`,
  ),
  browserOnly: phrase<string>(
    (browser) => browser,
    (browser) => browser,
  ),
  systemOnly: phrase<string>(
    (system) => `Thiết bị ${system}`,
    (system) => `A device with ${system}`,
  ),
  unknown: { vi: "Thiết bị không rõ", en: "An unknown device" },
} satisfies Catalogue

/** The mails that warn an owner: what each is called and says. */
export const securityMailMessages = {
  sign_inSubject: { vi: "Đăng nhập mới vào tài khoản SePay", en: "New sign-in to your SePay account" },
  sign_in: {
    vi: "Tài khoản của bạn vừa được đăng nhập từ một trình duyệt hoặc mạng chưa từng thấy.",
    en: "Your account was signed in to from a browser or network that we had not seen before.",
  },
  password_changedSubject: { vi: "Mật khẩu SePay đã được đổi", en: "Your SePay password was changed" },
  password_changed: {
    vi: "Mật khẩu tài khoản của bạn vừa được đổi. Mọi phiên đăng nhập khác đã kết thúc; các ứng dụng đã kết nối vẫn hoạt động.",
    en: "The password of your account was just changed. All other sessions have ended; connected apps keep working.",
  },
  second_factor_onSubject: { vi: "Đã bật xác thực hai lớp", en: "Two-step sign-in is on" },
  second_factor_on: {
    vi: "Xác thực hai lớp vừa được bật cho tài khoản của bạn. Từ nay, mỗi lần đăng nhập cần thêm mã từ ứng dụng xác thực.",
    en: "Two-step sign-in was just switched on for your account. From now on each sign-in also asks for a code from the authenticator app.",
  },
  second_factor_offSubject: { vi: "Đã tắt xác thực hai lớp", en: "Two-step sign-in is off" },
  second_factor_off: {
    vi: "Xác thực hai lớp của tài khoản bạn vừa bị tắt. Từ nay, chỉ cần mật khẩu là đăng nhập được.",
    en: "Two-step sign-in was just switched off for your account. From now on the password alone signs in.",
  },
  second_factor_off_by_operator: {
    vi: "Quản trị viên hệ thống vừa tắt xác thực hai lớp của tài khoản bạn. Từ nay, chỉ cần mật khẩu là đăng nhập được. Hãy bật lại ngay khi có thể.",
    en: "The operator of the platform just switched off two-step sign-in for your account. From now on the password alone signs in. Switch it on again as soon as you can.",
  },
  second_factor_off_by_operatorSubject: { vi: "Đã tắt xác thực hai lớp", en: "Two-step sign-in is off" },
  recovery_code_usedSubject: { vi: "Một mã khôi phục đã được dùng", en: "A recovery code was used" },
  recovery_code_used: {
    vi: "Một mã khôi phục của bạn vừa được dùng để đăng nhập.",
    en: "One of your recovery codes was just used to sign in.",
  },
  recovery_codes_renewedSubject: { vi: "Đã tạo mã khôi phục mới", en: "New recovery codes were made" },
  recovery_codes_renewed: {
    vi: "Bộ mã khôi phục mới vừa được tạo cho tài khoản của bạn. Các mã cũ không còn dùng được.",
    en: "New recovery codes were just made for your account. The old ones no longer work.",
  },
  wrong_codesSubject: { vi: "Có người biết mật khẩu của bạn", en: "Somebody knows your password" },
  wrong_codes: {
    vi: "Có người đã nhập đúng mật khẩu của bạn nhưng nhiều lần nhập sai mã xác thực. Họ chưa vào được. Nếu không phải bạn, hãy đổi mật khẩu ngay.",
    en: "Somebody typed your right password, and then a wrong code many times. They did not get in. If it was not you, change your password now.",
  },
  codesLeft: phrase<number>(
    (count) => `Bạn còn ${count} mã khôi phục.`,
    (count) => (count === 1 ? "You have 1 recovery code left." : `You have ${count} recovery codes left.`),
  ),
  when: phrase<string>(
    (time) => `Thời điểm: ${time} (giờ Việt Nam)`,
    (time) => `Time: ${time} (Vietnam time)`,
  ),
  device: phrase<string>(
    (device) => `Thiết bị: ${device}`,
    (device) => `Device: ${device}`,
  ),
  address: phrase<string>(
    (ip) => `Địa chỉ IP: ${ip}`,
    (ip) => `IP address: ${ip}`,
  ),
  wasYou: {
    vi: "Nếu đó là bạn, bạn không cần làm gì thêm.",
    en: "If it was you, there is nothing to do.",
  },
  wasNotYou: phrase<string>(
    (url) =>
      `Nếu không phải bạn: hãy đổi mật khẩu ngay tại ${url}/account/password (mọi phiên khác sẽ kết thúc), xem các phiên đăng nhập tại ${url}/account/sessions, rồi báo cho quản trị viên công ty.`,
    (url) =>
      `If it was not you: change your password at once at ${url}/account/password (all other sessions end), look at your sessions at ${url}/account/sessions, and tell your company's administrator.`,
  ),
} satisfies Catalogue
