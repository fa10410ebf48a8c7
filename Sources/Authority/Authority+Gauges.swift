import TrustRoot

extension Authority {
    /// What is measured when somebody asks: for `/metrics`.
    public func gauges() async -> [(name: String, help: String, value: Double)] {
        let losses = recorder.losses
        var gauges: [(name: String, help: String, value: Double)] = [
            (
                "mayfly_ca_days_left", "Days until the issuing certificate ends.",
                Double(chain.issuing.notAfterSeconds - seconds) / 86_400
            ),
            (
                "mayfly_requests_in_flight", "Requests for a certificate under way or waiting.",
                Double(workers.requestsInFlight)
            ),
            (
                "mayfly_configuration_is_current",
                "1 when the configuration's files are in force, 0 when a change of them couldn't be used.",
                configuration.isCurrent ? 1 : 0
            ),
            ("mayfly_records_lost", "Records of refusals that couldn't be stored.", Double(losses.records)),
            ("mayfly_audit_lines_lost", "Audit lines that couldn't be written.", Double(losses.lines)),
        ]
        if let timestamping {
            gauges.append(
                (
                    "mayfly_tsa_days_left", "Days until a certificate of the timestamp authority ends.",
                    Double(timestamping.lastSecond - seconds) / 86_400
                )
            )
        }
        if let size = await embeddedLog?.size() {
            gauges.append(("mayfly_log_entries", "Entries in the certificate log.", Double(size.value)))
        }
        if let repository = trust?.repository {
            for role in TUFRole.allCases {
                gauges.append(
                    (
                        "mayfly_trust_\(role.rawValue)_days_left",
                        "Days until clients refuse the TUF \(role.rawValue).",
                        Double(repository.expiresSeconds(role) - seconds) / 86_400
                    )
                )
            }
        }
        if let size = await recordLog?.size() {
            gauges.append(("mayfly_record_log_entries", "Entries in the record log.", Double(size.value)))
        }
        return gauges
    }
}
