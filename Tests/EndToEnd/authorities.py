"""Certificate authorities of the tests' own: chains to adopt, chains to refuse, and a leaf issuer to judge the judges."""
import datetime
import ssl
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

import asn1
from transparency import read_sct, vector

SCT_LIST = x509.ObjectIdentifier(asn1.SCT_LIST)


def now():
    return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)


def days(count):
    return datetime.timedelta(days=count)


def pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def key_pem(key, passphrase=None):
    encryption = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)


def public_pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def key_usage(*granted):
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{name: name in granted for name in names})


def sign(builder, key):
    return builder.sign(key, None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256())


@dataclass
class Authority:
    key: object
    chain: list         # issuing certificate first, root last

    @property
    def certificate(self):
        return self.chain[0]

    def chain_pem(self):
        return b"".join(pem(certificate) for certificate in self.chain)


def authority(name, parent=None, key=None, start=-1, end=3650, is_ca=True, usages=("key_cert_sign", "crl_sign"),
              code_signing=True, path_length=None):
    """A certificate authority below `parent`, or a root; `start` and `end` are days from now."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "XX"),
                         x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Mayfly tests"),
                         x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (x509.CertificateBuilder().subject_name(subject)
               .issuer_name(parent.certificate.subject if parent else subject).public_key(key.public_key())
               .serial_number(x509.random_serial_number())
               .not_valid_before(now() + days(start)).not_valid_after(now() + days(end))
               .add_extension(x509.BasicConstraints(is_ca, path_length if is_ca else None), True)
               .add_extension(key_usage(*usages), True)
               .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
    if parent:
        builder = builder.add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(parent.key.public_key()), False)
        if code_signing:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False)
    signed = sign(builder, parent.key if parent else key)
    return Authority(key, [signed] + (parent.chain if parent else []))


def chain(**issuing):
    """A root and an issuing certificate below it, as Mayfly is meant to have."""
    return authority("Tests Issuing", authority("Tests Root"), **issuing)


def leaf_builder(issuer, email="someone@example.com", key=None, domain=None):
    key = key or ec.generate_private_key(ec.SECP256R1())
    start, name = now(), x509.DNSName(domain) if domain else x509.RFC822Name(email)
    return (x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(issuer.certificate.subject)
            .public_key(key.public_key()).serial_number(x509.random_serial_number())
            .not_valid_before(start).not_valid_after(start + datetime.timedelta(minutes=10))
            .add_extension(key_usage("digital_signature"), True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), False)
            .add_extension(x509.SubjectAlternativeName([name]), True))


def precertificate(builder, issuer):
    return der(sign(builder.add_extension(x509.PrecertPoison(), True), issuer.key))


def with_scts(builder, issuer, scts):
    """The certificate with these encoded SCTs inside."""
    listed = vector(2, b"".join(vector(2, sct) for sct in scts))
    value = asn1.write(4, listed)
    return der(sign(builder.add_extension(x509.UnrecognizedExtension(SCT_LIST, value), False), issuer.key))


def issue(issuer, log, **leaf):
    """A certificate of `issuer` that `log` holds, as a server would have made it."""
    builder = leaf_builder(issuer, **leaf)
    sct = log.add_precertificate(precertificate(builder, issuer), issuer.chain)
    assert read_sct(sct).log_id
    return with_scts(builder, issuer, [sct])


def tls_server_context(directory, issuer, address="127.0.0.1"):
    """A TLS context for a loopback server, signed by `issuer`."""
    import ipaddress
    key = ec.generate_private_key(ec.SECP256R1())
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address)), x509.DNSName("localhost")])
    signed = sign(x509.CertificateBuilder().subject_name(x509.Name([])).issuer_name(issuer.certificate.subject)
                  .public_key(key.public_key()).serial_number(x509.random_serial_number())
                  .not_valid_before(now() - days(1)).not_valid_after(now() + days(1)).add_extension(names, True)
                  .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), False),
                  issuer.key)
    (directory / "tls.pem").write_bytes(pem(signed) + issuer.chain_pem())
    (directory / "tls.key").write_bytes(key_pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "tls.pem", directory / "tls.key")
    return context
