import { BlockList, isIP } from 'node:net'

/** What an IP address is to the egress guard. `forbidden` is never called; `private` only when the admin allows it. */
export type AddressClass = 'public' | 'private' | 'forbidden'

const FORBIDDEN = blockList([
  '0.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '100.100.100.200/32',
  '192.0.0.192/32',
  // Azure's, though it looks public
  '168.63.129.16/32',
  '::/128',
  'fe80::/10',
  // site-local, and tunnels that carry an IPv4 address to wherever it leads
  'fec0::/10',
  '2002::/16',
  '2001::/32',
  '64:ff9b:1::/48',
  'ff00::/8',
  'fd00:ec2::254/128'
])
const PRIVATE = blockList([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '::1/128',
  'fc00::/7'
])

/** Link-local, metadata services, unspecified, multicast and reserved addresses are forbidden. */
export function classOf(address: string): AddressClass {
  const plain = unmapped(address)
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
  if (isIP(plain) === 0 || FORBIDDEN.check(plain, family)) return 'forbidden'
  return PRIVATE.check(plain, family) ? 'private' : 'public'
}

export function isLoopback(address: string): boolean {
  const plain = unmapped(address)
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}

/** Whether the address lies in a CIDR block; false where the text is no block. */
export function inBlock(address: string, cidr: string): boolean {
  if (!/^[\da-f.:]+\/\d+$/i.test(cidr)) return false
  const plain = unmapped(address)
  try {
    return blockList([cidr]).check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4')
  } catch {
    return false
  }
}

/** An IPv4 address inside IPv6 (::a.b.c.d, ::ffff:a.b.c.d, 64:ff9b::, also in hexadecimal) is judged as the IPv4 address it reaches. */
function unmapped(address: string): string {
  const text = address.toLowerCase()
  const dotted = /^(?:::|::ffff:|::ffff:0:|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/.exec(text)?.[1]
  if (dotted !== undefined) return dotted
  const hex = /^(?:::|::ffff:|::ffff:0:|64:ff9b::)([\da-f]{1,4}):([\da-f]{1,4})$/.exec(text)
  if (hex === null) return text
  const [high = 0, low = 0] = [Number.parseInt(hex[1] ?? '', 16), Number.parseInt(hex[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

function blockList(cidrs: readonly string[]): BlockList {
  const list = new BlockList()
  for (const cidr of cidrs) {
    const [network = '', bits = ''] = cidr.split('/')
    list.addSubnet(network, Number(bits), isIP(network) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
