"""Reading from the network on somebody else's word: pages, files and callbacks at addresses we did not choose."""
