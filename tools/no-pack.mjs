// `npm pack` here would pack sources, which Node does not run below node_modules.
process.stderr.write('The package is made, compiled, by: npm run package\n')
process.exit(1)
