import { PROBE_MODES, type ProbeSchema } from '../../domain/index.ts'

export const cmdProbeSchema: ProbeSchema = {
  type: 'cmdProbe',
  title: 'Command probe',
  description:
    'Runs a command and compares what it says on its standard output. One that ends with another code than 0 fails.',
  modes: PROBE_MODES,
  commands: { what: 'runs a command' },
  inputs: [
    { path: 'command', type: 'text', required: true, description: 'For sh -c.' },
    {
      path: 'comparator',
      type: 'comparator',
      required: true,
      otherwise: 'string',
      description: 'type (string if not said), criteria and value; blanks at the ends of the output do not count.'
    },
    {
      path: 'source',
      type: 'text',
      refused: 'is an image to run the command in, which needs an engine on a cluster; leave it out',
      unless: 'inline',
      description: 'Refused, but for inline.'
    }
  ],
  infrastructures: {
    local:
      'Only where the agent was started with --allow-commands. It runs as a workload does: as the same user, in namespaces of its own where the kernel allows it, in an empty folder, without the surroundings of the agent. Services are in its environment (CART_SERVICE_HOST, CART_SERVICE_PORT), not in DNS. At most 64 KiB of output.'
  }
}
