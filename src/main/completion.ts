import type { Command, Option } from 'commander'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

/** A command as a shell completes it; `place` is how it is reached: `local set image`, `''` for the program. */
interface Place {
  place: string
  description: string
  /** what may come next: commands below it, and the words of an argument that has some to choose from */
  commands: { name: string; description: string }[]
  options: { flags: string[]; description: string; choices: readonly string[]; takesValue: boolean }[]
}

/** The script that a shell reads to complete our commands, made from the commands themselves. */
export function completionScript(program: Command, shell: Shell): string {
  const places = placesOf(program, '')
  if (shell === 'bash') return bash(program.name(), places)
  return shell === 'zsh' ? zsh(program.name(), places) : fish(program.name(), places)
}

function placesOf(command: Command, place: string): Place[] {
  const words = command.registeredArguments.flatMap((argument) =>
    (argument.argChoices ?? []).map((name) => ({ name, description: argument.description }))
  )
  const below = command.commands.map((child) => ({ name: child.name(), description: child.description() }))
  const commands = [...below, ...words]
  const help = { flags: ['--help'], description: 'say how it is used', choices: [], takesValue: false }
  const own = { place, description: command.description(), commands, options: [...command.options.map(optionOf), help] }
  return [own, ...command.commands.flatMap((child) => placesOf(child, `${place} ${child.name()}`.trim()))]
}

function optionOf({ short, long, description, argChoices, required, optional }: Option): Place['options'][number] {
  const flags = [long, short].filter((flag) => flag !== undefined && flag !== null)
  return { flags, description, choices: argChoices ?? [], takesValue: required || optional }
}

/** The patterns of a `case` that leads from a place to the one below: `'local set image'` for the words so far. */
function steps(places: readonly Place[]): string {
  return places
    .filter(({ place }) => place !== '')
    .map(({ place }) => `'${place.includes(' ') ? place : ` ${place}`}'`)
    .join('|')
}

function chosen(places: readonly Place[], line: (pattern: string, choices: readonly string[]) => string): string[] {
  return places.flatMap(({ place, options }) =>
    options
      .filter(({ choices }) => choices.length > 0)
      .map(({ flags, choices }) => line(flags.map((flag) => `'${place}:${flag}'`).join('|'), choices))
  )
}

function bash(name: string, places: readonly Place[]): string {
  const words = ({ commands, options }: Place) =>
    [...commands.map((command) => command.name), ...options.flatMap(({ flags }) => flags)].join(' ')
  return `# bash: source <(${name} completion bash), in ~/.bashrc
_${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} place='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place $word" in
      ${steps(places)}) place=\${place:+$place }$word ;;
    esac
  done
  local words=''
  case "$place:$before" in
${chosen(places, (pattern, choices) => `    ${pattern}) words='${choices.join(' ')}' ;;`).join('\n')}
    *) case "$place" in
${places.map((place) => `      '${place.place}') words='${words(place)}' ;;`).join('\n')}
    esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
# what is none of these words is a file
complete -o default -F _${name} ${name}
`
}

function zsh(name: string, places: readonly Place[]): string {
  const described = (word: string, description: string) => `${quoted(`${word.replaceAll(':', '\\:')}:${description}`)}`
  const words = ({ commands, options }: Place) =>
    [
      ...commands.map((command) => described(command.name, command.description)),
      ...options.flatMap(({ flags, description }) => flags.map((flag) => described(flag, description)))
    ].join(' ')
  return `#compdef ${name}
# zsh: source <(${name} completion zsh), in ~/.zshrc after compinit
_${name}() {
  local place='' word
  local -a candidates
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
      (${steps(places)}) place=\${place:+$place }$word ;;
    esac
  done
  case "$place:\${words[CURRENT-1]}" in
${chosen(places, (pattern, choices) => `    (${pattern}) compadd -- ${choices.join(' ')}; return ;;`).join('\n')}
  esac
  case "$place" in
${places.map((place) => `    ('${place.place}') candidates=(${words(place)}) ;;`).join('\n')}
  esac
  _describe ${name} candidates
  _files
}
compdef _${name} ${name}
`
}

function fish(name: string, places: readonly Place[]): string {
  const lines = places.flatMap(({ place, commands, options }) => {
    const when = quoted(condition(place, commands))
    const here = `complete -c ${name} -n ${when}`
    return [
      ...commands.map((command) => `${here} -f -a ${command.name} -d ${quoted(command.description)}`),
      ...options.map((option) => `${here}${fishOption(option)}`)
    ]
  })
  return `# fish: ${name} completion fish > ~/.config/fish/completions/${name}.fish\n${lines.join('\n')}\n`
}

/** In this command, and in none below it yet. */
function condition(place: string, commands: Place['commands']): string {
  const seen = place.split(' ').filter((word) => word !== '')
  const parts = seen.map((word) => `__fish_seen_subcommand_from ${word}`)
  if (commands.length > 0) {
    parts.push(`not __fish_seen_subcommand_from ${commands.map((command) => command.name).join(' ')}`)
  }
  return parts.join('; and ')
}

function fishOption({ flags, description, choices, takesValue }: Place['options'][number]): string {
  const names = flags.map((flag) => (flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`)).join('')
  const value = choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : takesValue ? ' -r' : ''
  return `${names}${value} -d ${quoted(description)}`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
