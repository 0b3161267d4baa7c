//! The short English names that machines report, and their Chinese: records, states, what became of
//! a trade, and why a host decided so.
//!
//! Machines speak in names that never change, since traces and fault syntax hold them; people read
//! them here.

/// English names and Chinese words, in the order of the names.
const NAMES: &[(&str, &str)] = &[
    ("MAC", "MAC 校验"),
    ("PIN", "密码"),
    ("PIN block", "密码块"),
    ("PIN tries used up", "密码次数用尽"),
    ("above the hold", "超出预授权金额上限"),
    ("accepted", "已受理"),
    ("advice-answered", "冲正通知已应答"),
    ("advice-sent", "冲正通知已发"),
    ("agent-funded", "代理行已收款"),
    ("already reversed", "已冲正"),
    ("amount of the original", "与原交易金额不符"),
    ("approved", "成功"),
    ("approved offline", "脱机成功"),
    ("awaiting-answer", "等待应答"),
    ("awaiting-echo", "等待回响应答"),
    ("awaiting-end", "等待批结束应答"),
    ("awaiting-issuer", "等待发卡行"),
    ("awaiting-pad", "等待密码键盘"),
    ("awaiting-payment", "等待付款"),
    ("awaiting-pin", "等待输密"),
    ("awaiting-queued", "等待离线上送应答"),
    ("awaiting-reversal", "等待冲正应答"),
    ("awaiting-script", "等待脚本通知应答"),
    ("awaiting-settlement", "等待结算应答"),
    ("awaiting-sign-off", "等待签退应答"),
    ("awaiting-sign-on", "等待签到应答"),
    ("awaiting-switch", "等待交换中心"),
    ("awaiting-upload", "等待批上送应答"),
    ("balance", "余额"),
    ("batch or sign-on", "批次号或签到"),
    ("batch-booked", "批次入账"),
    ("batch-closed", "批次关闭"),
    ("carrying-call", "通话中"),
    ("chip card swiped", "芯片卡刷磁条"),
    ("comparing-batch", "接收批上送"),
    ("counter-posting", "反向记账"),
    ("cryptogram", "卡片密文"),
    ("dark", "断电"),
    ("database", "数据库"),
    ("database failed before", "此前数据库失败"),
    ("day-cleared", "当日清算"),
    ("deciding", "审批中"),
    ("decision", "授权决定"),
    ("declined", "拒绝"),
    ("discrepancy-resolved", "差异处理"),
    ("down", "停机"),
    ("early-reversal", "先到冲正"),
    ("epoch", "编号跳进"),
    ("expired", "过期"),
    ("fees-booked", "手续费入账"),
    ("fields missing", "缺少域"),
    ("forced posting", "强制记账"),
    ("forwarding-reversal", "转发冲正"),
    ("funds", "余额不足"),
    ("funds suffice", "余额足够"),
    ("hold closed", "预授权已关闭"),
    ("hold found", "找到预授权"),
    ("idle", "空闲"),
    ("in flight", "在途"),
    ("issuer down", "发卡行停机"),
    ("journal-entry", "流水记录"),
    ("kept", "保留"),
    ("key-injected", "主密钥注入"),
    ("keys-erased", "密钥清除"),
    ("limit of one trade", "单笔限额"),
    ("lost", "挂失"),
    ("merchant unknown", "商户未登记"),
    ("merchants-paid", "商户付款"),
    ("message type unknown", "报文类型未知"),
    ("more than the original", "超出原交易金额"),
    ("no route", "无路由"),
    ("no such hold", "无此预授权"),
    ("original already voided", "原交易已撤销"),
    ("original does not stand", "原交易无效"),
    ("original not approved", "原交易未成功"),
    ("original not found", "未找到原交易"),
    ("original unknown", "原交易未知"),
    ("original unknown, remembered", "原交易未到，已记住"),
    ("original was refused", "原交易已被拒绝"),
    ("original was voided", "原交易已撤销"),
    ("part of it", "部分金额"),
    ("printed", "已打印"),
    ("queue-answered", "离线上送已应答"),
    ("queued", "离线入队"),
    ("ready", "就绪"),
    ("refund", "退货"),
    ("refused", "被拒"),
    ("restricted", "受限"),
    ("reversal-cleared", "冲正清除"),
    ("reversal-exhausted", "冲正次数用尽"),
    ("reversal-reason", "冲正原因"),
    ("reversal-record", "冲正记录"),
    ("reversed", "已冲正"),
    ("reversed before", "此前已冲正"),
    ("same number, other content", "同号不同内容"),
    ("script result", "脚本结果"),
    ("script-result", "脚本结果"),
    ("second-leg", "另一分录"),
    ("settlement-cancelled", "结算取消"),
    ("settlement-compared", "对账结果"),
    ("settlement-flags", "对账标志"),
    ("settling", "结算中"),
    ("signed-off", "签退"),
    ("signed-on", "签到"),
    ("stolen", "被窃"),
    ("terminal unknown", "终端未登记"),
    ("the issuer is silent", "发卡行无应答"),
    ("the issuer's answer", "发卡行应答"),
    ("the switch is silent", "交换中心无应答"),
    ("trace", "流水号"),
    ("trade-answered", "交易应答"),
    ("trade-begun", "交易开始"),
    ("trade-refused", "交易拒绝"),
    ("trade-reversed", "交易冲正"),
    ("upload not readable", "上送报文无法解析"),
    ("upload-progress", "批上送进度"),
    ("upload-stored", "批上送存储"),
    ("void of a standing trade", "撤销有效交易"),
    ("without-keys", "无密钥"),
];

/// The name in Chinese when `zh`, as it is otherwise; a name nobody translated stays.
pub fn name(english: &str, zh: bool) -> &str {
    if !zh {
        return english;
    }
    NAMES
        .binary_search_by_key(&english, |row| row.0)
        .ok()
        .and_then(|at| NAMES.get(at))
        .map_or(english, |row| row.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_order_and_are_found() {
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(name("reversal-record", true), "冲正记录");
        assert_eq!(name("reversal-record", false), "reversal-record");
    }
}
